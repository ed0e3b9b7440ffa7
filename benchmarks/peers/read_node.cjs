/**
 * Answer pictures by the expression networks of `@vladmandic/face-api` and `@vladmandic/human`, under node, by
 * TensorFlow.js on WebAssembly with one thread.
 *
 *     node read_node.cjs PEER describe
 *     node read_node.cjs PEER read NETWORK SIDE PICTURES ANSWERS
 *     node read_node.cjs PEER time NETWORK SIDE PICTURES RUNS
 *
 * PICTURES holds uint8 RGB (n, SIDE, SIDE, 3), ANSWERS float32 (n, 7) in the peer's order. The last line is JSON.
 * NODE_PATH names the folder the packages were installed in.
 */
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const tf = require('@tensorflow/tfjs');
const wasm = require('@tensorflow/tfjs-backend-wasm');

const BATCH = 16;
const WARM_UP_RUNS = 20;
const LUMA = [0.2989, 0.587, 0.114]; // Human's constants.rgb

/** The folder of an installed package; `require.resolve` would not say, as Human exports no package.json. */
const folder = (name) => path.join(process.env.NODE_PATH, name);

/** Loads a peer; each returns a function from 3D tensors (side, side, 3) of 0 to 255 to a tensor (n, 7). */
const PEERS = {
  'face-api': {
    package: '@vladmandic/face-api',
    async load() {
      const faceapi = require('@vladmandic/face-api/dist/face-api.node-wasm.js');
      const network = faceapi.nets.faceExpressionNet;
      await network.loadFromDisk(path.join(folder(this.package), 'model'));
      return (pictures) => network.forward(pictures);
    },
  },
  human: {
    package: '@vladmandic/human',
    // As src/gear/emotion.ts feeds it. The library would cut the scores to two digits and leave out the small ones.
    async load(name) {
      const file = (suffix) => path.join(folder(this.package), 'models', `${name}.${suffix}`);
      const described = JSON.parse(fs.readFileSync(file('json'), 'utf8'));
      const weights = new Uint8Array(fs.readFileSync(file('bin'))).buffer;
      const network = await tf.loadGraphModel(tf.io.fromMemory({
        modelTopology: described.modelTopology, weightSpecs: described.weightsManifest[0].weights, weightData: weights,
      }));
      const side = network.inputs[0].shape[2];
      return async (pictures) => tf.tidy(() => {
        const scaled = tf.div(tf.stack(pictures), 255);
        const sized = tf.image.resizeBilinear(scaled, [side, side], false);
        const grey = tf.sum(tf.mul(sized, LUMA), 3, true);
        return network.execute(tf.mul(tf.sub(grey, 0.5), 2));
      });
    },
  },
};

/** Answers of a batch of raw pictures, as numbers. */
async function answer(network, raw, side) {
  const size = side * side * 3;
  const pictures = Array.from({ length: raw.length / size }, (_, row) => (
    tf.tensor3d(Float32Array.from(raw.subarray(row * size, (row + 1) * size)), [side, side, 3])));
  const answers = await network(pictures);
  const numbers = await answers.data();
  tf.dispose([...pictures, answers]);
  return numbers;
}

/** Writes the answers of all pictures. */
async function read(network, raw, side, file) {
  const size = side * side * 3 * BATCH;
  const parts = [];
  for (let at = 0; at < raw.length; at += size) {
    parts.push(Buffer.from(Float32Array.from(await answer(network, raw.subarray(at, at + size), side)).buffer));
  }
  fs.writeFileSync(file, Buffer.concat(parts));
  return { pictures: raw.length / (side * side * 3) };
}

/** Milliseconds of one picture, from its pixels to its answer. */
async function time(network, raw, side, runs) {
  const size = side * side * 3;
  const clock = [];
  for (let run = 0; run < WARM_UP_RUNS + runs; run += 1) {
    const at = (run * size) % raw.length;
    const begun = performance.now();
    await answer(network, raw.subarray(at, at + size), side);
    clock.push(performance.now() - begun);
  }
  const counted = clock.slice(WARM_UP_RUNS).sort((one, other) => one - other);
  return { median_ms: counted[Math.floor(runs / 2)], best_tenth_ms: counted[Math.floor(runs / 10)] };
}

async function main([name, kind, weights, side, source, last]) {
  const peer = PEERS[name];
  if (kind === 'describe') {
    const { version } = JSON.parse(fs.readFileSync(path.join(folder(peer.package), 'package.json'), 'utf8'));
    return { version, runtime: `TensorFlow.js ${tf.version.tfjs} on WebAssembly under node ${process.version}, one thread` };
  }
  wasm.setWasmPaths(`${path.join(folder('@tensorflow/tfjs-backend-wasm'), 'dist')}/`);
  wasm.setThreadsCount(1);
  await tf.setBackend('wasm');
  await tf.ready();
  const network = await peer.load(weights);
  const raw = fs.readFileSync(source);
  if (kind === 'time') return time(network, raw, Number(side), Number(last));
  return read(network, raw, Number(side), last);
}

main(process.argv.slice(2)).then(
  (result) => console.log(JSON.stringify(result)),
  (error) => { console.error(error); process.exitCode = 1; },
);
