/**
 * The timing signal of the transformer (Vaswani et al. 2017): row p holds sin(p w) and then cos(p w) of every frequency w.
 * Row-major [positions, 2 * frequencies]; angles in float32 as the reference has them.
 */
export function timingSignal(positions: number, frequencies: Float32Array): Float32Array {
  const half = frequencies.length;
  const out = new Float32Array(positions * 2 * half);
  for (let p = 0; p < positions; p++) {
    for (let k = 0; k < half; k++) {
      const angle = Math.fround(p * (frequencies[k] as number));
      out[p * 2 * half + k] = sine(angle);
      out[p * 2 * half + half + k] = sine(angle + QUARTER_HIGH, QUARTER_LOW);
    }
  }
  return out;
}

// pi / 2 in two parts; the low one is what the double nearest to pi / 2 leaves out.
const QUARTER_HIGH = 1.5707963267948966;
const QUARTER_LOW = 6.123233995736766e-17;

/**
 * sin(x + rest) for 0 <= x < 1000, to about 1e-14: turns are taken off, then a Taylor series.
 * Not Math.sin: the language leaves its last bits to the engine, while sums and products are exact everywhere, and the
 * model file must have the same hash on every machine.
 */
export function sine(x: number, rest = 0): number {
  const turns = Math.round(x / (2 * QUARTER_HIGH));
  // The high part ends in twenty zero bits, which keeps `turns * HALF_TURN_HIGH` exact.
  const reduced = x - turns * HALF_TURN_HIGH - turns * HALF_TURN_LOW + rest;
  const square = reduced * reduced;
  let sum = 0;
  for (let n = 21; n >= 3; n -= 2) sum = (-square / (n * (n - 1))) * (1 + sum);
  const value = reduced * (1 + sum);
  return turns % 2 === 0 ? value : -value;
}

const HALF_TURN_HIGH = 3.1415926534682512;
const HALF_TURN_LOW = 1.2154188766544394e-10;
