import { HIGHEST_BITS, LOWEST_BITS, TABLE_SHIFT, TABLE_STEP } from './forces.ts';
import { CLIP, NEGATIVE_RATE, RATE_MASK, type Walk, type WalkInput } from './walk.ts';

/**
 * The descent in plain typed arrays: the oracle of the WASM one, which gives the same bits. One long function, because its
 * state must stay in registers. Random numbers are xoroshiro64* (Blackman & Vigna 2018).
 */
export function openWalkCpu({ positions, offsets, tails, rates, held, pull, push, state }: WalkInput): Walk {
  const value = new Float32Array(NEGATIVE_RATE);
  const bits = new Int32Array(value.buffer);
  const perDraw = (offsets.length - 1) / 0x100000000;
  let [s0, s1] = state;

  return (from, to, epoch, alpha) => {
    const clip = CLIP * alpha;
    let [a0, a1] = [s0, s1];
    for (let i = from; i < to; i++) {
      let x = positions[2 * i] as number;
      let y = positions[2 * i + 1] as number;
      for (let e = offsets[i] as number; e < (offsets[i + 1] as number); e++) {
        const rate = rates[e] as number;
        if ((Math.imul(epoch, rate) & RATE_MASK) >= rate) continue;
        const j = 2 * (tails[e] as number);
        let dx = x - (positions[j] as number);
        let dy = y - (positions[j + 1] as number);
        value[0] = dx * dx + dy * dy;
        let at = bits[0] as number;
        at = (at < LOWEST_BITS ? LOWEST_BITS : at > HIGHEST_BITS ? HIGHEST_BITS : at) - LOWEST_BITS;
        let entry = at >> TABLE_SHIFT;
        let low = pull[entry] as number;
        let force = alpha * (low + (at & ((1 << TABLE_SHIFT) - 1)) * TABLE_STEP * ((pull[entry + 1] as number) - low));
        let mx = force * dx;
        let my = force * dy;
        mx = mx > clip ? clip : mx < -clip ? -clip : mx;
        my = my > clip ? clip : my < -clip ? -clip : my;
        if (j >= 2 * held) {
          positions[j] = (positions[j] as number) + mx;
          positions[j + 1] = (positions[j + 1] as number) + my;
        }
        // A held row draws its neighbours as any other does, and nothing moves it.
        if (i < held) continue;
        x -= mx;
        y -= my;
        // All five from the same position: the processor then works on them side by side.
        let px = 0;
        let py = 0;
        for (let sample = 0; sample < NEGATIVE_RATE; sample++) {
          const draw = Math.imul(a0, 0x9e3779bb) >>> 0;
          a1 ^= a0;
          a0 = ((a0 << 26) | (a0 >>> 6)) ^ a1 ^ (a1 << 9);
          a1 = (a1 << 13) | (a1 >>> 19);
          const other = (draw * perDraw) | 0;
          if (other === i) continue;
          dx = x - (positions[2 * other] as number);
          dy = y - (positions[2 * other + 1] as number);
          value[sample] = dx * dx + dy * dy;
          at = bits[sample] as number;
          at = (at < LOWEST_BITS ? LOWEST_BITS : at > HIGHEST_BITS ? HIGHEST_BITS : at) - LOWEST_BITS;
          entry = at >> TABLE_SHIFT;
          low = push[entry] as number;
          force = alpha * (low + (at & ((1 << TABLE_SHIFT) - 1)) * TABLE_STEP * ((push[entry + 1] as number) - low));
          mx = force * dx;
          my = force * dy;
          px += mx > clip ? clip : mx < -clip ? -clip : mx;
          py += my > clip ? clip : my < -clip ? -clip : my;
        }
        x += px;
        y += py;
      }
      positions[2 * i] = x;
      positions[2 * i + 1] = y;
    }
    [s0, s1] = [a0, a1];
  };
}
