// Cameras: which there are, opening one, and why one does not open.

/** Why there is no picture; `reason` is refused, missing, busy, insecure or unknown. */
export class CameraError extends Error {
  /** @param {string} reason */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** @type {Record<string, string>} */
const REASONS = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/**
 * Open a camera.
 * @param {string} [deviceId] the one chosen; the browser's default, on phones the front one, without
 * @returns {Promise<MediaStream>}
 * @throws {CameraError}
 */
export async function openCamera(deviceId) {
  if (!isSecureContext || !navigator.mediaDevices) throw new CameraError("insecure");
  const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: "user" };
  const wanted = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...wanted, ...which } });
  } catch (error) {
    throw new CameraError((error instanceof DOMException && REASONS[error.name]) || "unknown");
  }
}

/** @returns {Promise<MediaDeviceInfo[]>} the cameras; their names are known once one was opened */
export async function cameras() {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices.filter(({ kind }) => kind === "videoinput");
}

/**
 * Whether a camera looks at its user, whose picture is then shown as in a mirror.
 * @param {MediaStream} stream
 */
export function facesUser(stream) {
  return stream.getVideoTracks()[0].getSettings().facingMode !== "environment";
}
