// What the calls about weights and calibrations answer.

/**
 * @import { Emotion } from "../core/emotions.js"
 *
 * @typedef {Record<Emotion, number>} Shares
 * @typedef {"even"|"typical"} Prior
 *
 * @typedef {object} ModelInfo
 * @property {"not_loaded"|"loading"|"loaded"|"failed"} status
 * @property {string|null} weights_version_tag
 * @property {string|null} calibration
 * @property {number|null} total_params
 * @property {string|null} input_shape
 * @property {string|null} runtime
 * @property {Record<string, number>|null} metrics of an operating point: its name before them, as in `even_accuracy`
 * @property {Shares|null} learned_shares
 * @property {Record<Prior, {shares: Shares|null}>|null} priors
 * @property {{pictures: Prior, frames: Prior}} default_priors
 *
 * @typedef {{count: number, confidence: number, accuracy: number}} Bin
 *
 * @typedef {object} Report measured of weights at an operating point
 * @property {number} accuracy
 * @property {number} macro_recall
 * @property {number} accuracy_where_certain
 * @property {number} calibration_error
 * @property {Record<Emotion, {recall: number}>} classes
 * @property {number[][]} confusion rows are what people saw
 * @property {Bin[]} bins
 *
 * @typedef {{accuracy: number, macro_recall: number, log_loss: number, calibration_error: number}} TrialFigures
 * @typedef {{before: TrialFigures, after: TrialFigures,
 *   gains: Partial<Record<keyof TrialFigures, {standard_error: number}>>}} Comparison
 * @typedef {{helps: boolean, reason: string|null, figures: Comparison}} Trial
 * @typedef {{name: string, created_at: string, figures: Comparison}} Calibration
 * @typedef {{active: string|null, calibrations: Calibration[]}} Calibrations
 * @typedef {{readings: string, results: {status: string}[]}} Readings
 */

export {};
