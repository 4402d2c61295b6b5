import { paletteColour } from '../../charts/index.ts';
import { createRandom } from '../../domain/index.ts';
import { useScheme } from '../common/use-colours.ts';

const WIDTH = 420;
const HEIGHT = 116;
const BIRDS = 420;

interface Bird {
  readonly x: number;
  readonly y: number;
  readonly r: number;
  readonly hue: number;
}

/** One flock that parts into three, left to right: the idea of the product as a picture. */
const FLOCK: readonly Bird[] = makeFlock();

function makeFlock(): Bird[] {
  const random = createRandom(11);
  const bell = (): number => (random.next() + random.next() + random.next()) / 1.5 - 1;
  return Array.from({ length: BIRDS }, () => {
    const t = random.next();
    const branch = random.int(3) - 1;
    const apart = Math.max(0, (t - 0.34) / 0.66) ** 1.5;
    return {
      x: 22 + t * (WIDTH - 44) + bell() * 12,
      y: HEIGHT / 2 + branch * apart * 38 + bell() * (24 - 14 * apart) + Math.sin(t * 5) * 6,
      r: 0.9 + random.next() * 1.3,
      hue: apart > 0.12 ? branch + 1 : 0,
    };
  });
}

export function Flock() {
  const scheme = useScheme();
  const colours = [paletteColour(0, scheme), paletteColour(1, scheme), paletteColour(4, scheme)];
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {FLOCK.map((bird) => (
        <circle key={`${bird.x}-${bird.y}`} cx={bird.x} cy={bird.y} r={bird.r} fill={colours[bird.hue]} opacity={0.85} />
      ))}
    </svg>
  );
}
