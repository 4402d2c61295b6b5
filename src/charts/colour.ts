import { rgb } from 'd3';

export type Scheme = 'light' | 'dark';

/** What a colour assignment needs to know of a track. */
export interface ColourTrack {
  readonly id: number;
  readonly firstWindow: number;
  readonly lastWindow: number;
  /** Users summed over its windows. */
  readonly size: number;
}

/**
 * Twenty colours, the same hues in both schemes. Chosen greedily in OKLab: each next colour is the one farthest from all
 * chosen before (lightness .47 to .70, chroma at most .14), so the first ones differ most. For dark grounds lightness is
 * raised to .64 to .85 and chroma lowered by 8 %.
 */
const PALETTE: Readonly<Record<Scheme, readonly string[]>> = {
  light: [
    '#3d73b6',
    '#d38e22',
    '#983803',
    '#c281d6',
    '#02b5b2',
    '#3e7e23',
    '#c05470',
    '#7f3a86',
    '#6ea03e',
    '#2b6567',
    '#a4730c',
    '#659ff4',
    '#2c8e85',
    '#9962b9',
    '#e77687',
    '#845e76',
    '#484fa7',
    '#6a5a10',
    '#8d8ab2',
    '#99a47a',
  ],
  dark: [
    '#72a5e6',
    '#ffc069',
    '#cb6e49',
    '#f1b3ff',
    '#6ae5e1',
    '#73af5e',
    '#f189a1',
    '#b16eb7',
    '#a0d177',
    '#629697',
    '#d4a557',
    '#99d0ff',
    '#6cbfb5',
    '#c995e8',
    '#ffaab8',
    '#b58fa6',
    '#7783d8',
    '#9a8b4e',
    '#bdbae2',
    '#c9d4ac',
  ],
};

/** Noise and thin profiles. */
const NEUTRAL: Readonly<Record<Scheme, string>> = { light: '#a9afb8', dark: '#5d646f' };

export const PALETTE_SIZE = PALETTE.light.length;

/**
 * Palette index of each track. Large tracks choose first; each takes the colour that shares the least time with the tracks
 * that already wear it, so that colours repeat only where the palette has run out, and then on tracks that do not meet.
 * @param former tracks as they were when they chose before these, the oldest first: what they chose they keep, however they have grown.
 */
export function assignTrackColours(
  tracks: readonly ColourTrack[],
  former: readonly (readonly ColourTrack[])[] = [],
): Map<number, number> {
  const wearers: ColourTrack[][] = Array.from({ length: PALETTE_SIZE }, () => []);
  const chosen = new Map<number, number>();
  for (const generation of [...former, tracks]) {
    const choosing = generation.filter(({ id }) => !chosen.has(id)).sort((a, b) => b.size - a.size || a.id - b.id);
    for (const track of choosing) {
      const index = leastShared(track, wearers);
      wearers[index]?.push(track);
      chosen.set(track.id, index);
    }
  }
  return chosen;
}

export const neutralColour = (scheme: Scheme): string => NEUTRAL[scheme];

export const paletteColour = (index: number, scheme: Scheme): string => PALETTE[scheme][index % PALETTE_SIZE] ?? NEUTRAL[scheme];

/** Colour of a track as CSS; neutral for one that is not known (noise). */
export type TrackColour = (track: number | null) => string;

export function trackColourScale(
  tracks: readonly ColourTrack[],
  scheme: Scheme,
  former: readonly (readonly ColourTrack[])[] = [],
): TrackColour {
  const chosen = assignTrackColours(tracks, former);
  return (track) => {
    const index = track === null ? undefined : chosen.get(track);
    return index === undefined ? NEUTRAL[scheme] : paletteColour(index, scheme);
  };
}

/** Red, green, blue as 0..255. */
export function rgbOf(css: string): readonly [number, number, number] {
  const { r, g, b } = rgb(css);
  return [r, g, b];
}

/** Never worn beats worn; among the worn, the least time shared, then the fewest wearers, then the lowest index. */
function leastShared(track: ColourTrack, wearers: readonly (readonly ColourTrack[])[]): number {
  let best = 0;
  let bestCost = Number.POSITIVE_INFINITY;
  wearers.forEach((worn, index) => {
    const shared = worn.reduce((sum, other) => sum + windowsShared(track, other), 0);
    const cost = worn.length === 0 ? -1 : shared * 1000 + worn.length;
    if (cost < bestCost) {
      best = index;
      bestCost = cost;
    }
  });
  return best;
}

const windowsShared = (a: ColourTrack, b: ColourTrack): number =>
  Math.max(0, Math.min(a.lastWindow, b.lastWindow) - Math.max(a.firstWindow, b.firstWindow) + 1);
