import { lab } from 'd3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignTrackColours, type ColourTrack, neutralColour, PALETTE_SIZE, paletteColour, trackColourScale } from './colour.ts';
import { extentOf, fitCamera, project, unproject } from './extent.ts';
import { contains, overlaps } from './geometry.ts';
import { placeLabels } from './labels.ts';
import { layoutSparkline } from './sparkline.ts';
import { layoutTimeline, shortNames } from './timeline.ts';

const track = (id: number, firstWindow: number, lastWindow: number, size = 1): ColourTrack => ({
  id,
  firstWindow,
  lastWindow,
  size,
});

describe('track colours', () => {
  it('up to twenty tracks all differ', () => {
    const tracks = Array.from({ length: PALETTE_SIZE }, (_, i) => track(i + 1, 0, 5, 100 - i));
    expect(new Set(assignTrackColours(tracks).values()).size).toBe(PALETTE_SIZE);
  });

  it('a track keeps the colour that it had before data were added, however the sizes have changed', () => {
    const before = [track(1, 0, 3, 50), track(2, 0, 3, 40), track(3, 1, 3, 30)];
    const after = [track(1, 0, 5, 60), track(2, 0, 5, 90), track(3, 1, 3, 30), track(4, 4, 5, 80)];
    const [old, fresh] = [assignTrackColours(before), assignTrackColours(after, [before])];
    for (const { id } of before) expect(fresh.get(id)).toBe(old.get(id));
    expect(new Set(fresh.values()).size).toBe(4);
    expect(assignTrackColours(after).get(1)).not.toBe(old.get(1));
  });

  it('a colour repeats on tracks that do not meet', () => {
    const early = Array.from({ length: PALETTE_SIZE }, (_, i) => track(i + 1, 0, i === 7 ? 2 : 9, 100 - i));
    const chosen = assignTrackColours([...early, track(99, 3, 9)]);
    expect(chosen.get(99)).toBe(chosen.get(8));
  });

  it.each(['light', 'dark'] as const)('colours are told apart from each other and from grey in the %s scheme', (scheme) => {
    const colours = [neutralColour(scheme), ...Array.from({ length: PALETTE_SIZE }, (_, i) => paletteColour(i, scheme))];
    const points = colours.map((c) => lab(c));
    points.forEach((a, i) => {
      for (const b of points.slice(i + 1)) expect(Math.hypot(a.l - b.l, a.a - b.a, a.b - b.b)).toBeGreaterThan(9);
    });
  });

  it('noise is neutral', () => {
    const colour = trackColourScale([track(1, 0, 1)], 'dark');
    expect(colour(null)).toBe(neutralColour('dark'));
    expect(colour(1)).not.toBe(neutralColour('dark'));
  });
});

describe('labels', () => {
  const request = fc.record({
    x: fc.integer({ min: -50, max: 450 }),
    y: fc.integer({ min: -50, max: 350 }),
    width: fc.integer({ min: 20, max: 120 }),
    height: fc.constant(18),
    priority: fc.integer({ min: 0, max: 100 }),
  });

  it('none overlap and none leave the frame', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 25 }), (requests) => {
        const bounds = { width: 400, height: 300 };
        const placed = placeLabels(
          requests.map((r, id) => ({ ...r, id })),
          bounds,
        );
        placed.forEach((a, i) => {
          expect(contains({ x: 0, y: 0, ...bounds }, a)).toBe(true);
          expect(placed.slice(i + 1).some((b) => overlaps(a, b))).toBe(false);
        });
      }),
    );
  });

  it('the highest priority stands on its anchor', () => {
    const at = { x: 100, y: 100, width: 60, height: 18 };
    const placed = placeLabels(
      [
        { id: 1, ...at, priority: 1 },
        { id: 2, ...at, priority: 9 },
      ],
      { width: 400, height: 300 },
    );
    expect(placed.find((p) => p.id === 2)).toMatchObject({ x: 70, y: 91 });
    expect(placed).toHaveLength(2);
  });

  it('a label makes room for what stands there already, and is not lost', () => {
    const legend = { x: 0, y: 0, width: 200, height: 60 };
    const near = { id: 1, x: 190, y: 50, width: 80, height: 18, priority: 1 };
    const [placed] = placeLabels([near], { width: 400, height: 300 }, [legend]);
    expect(placed && !overlaps(placed, legend)).toBe(true);
  });
});

describe('timeline', () => {
  const windows = ['2024-01-01', '2024-02-01', '2024-03-01'].map((name, i) => ({
    name,
    profiles: [50, 0, 100][i] as number,
    thin: 0,
    partial: i === 2,
  }));

  it('bars are in proportion, an empty window keeps its band and is told as empty', () => {
    const { bars } = layoutTimeline(windows, { width: 300, height: 40 });
    expect(bars.map((b) => b.bar.height)).toEqual([20, 0, 40]);
    expect(bars.map((b) => b.empty)).toEqual([false, true, false]);
    expect(bars.map((b) => b.band.x)).toEqual([0, 100, 200]);
    expect(bars[2]?.partial).toBe(true);
  });

  it('a pixel finds its window, also beyond the ends', () => {
    const timeline = layoutTimeline(windows, { width: 320, height: 40 }, 10);
    expect([-5, 12, 160, 400].map((x) => timeline.indexAt(x))).toEqual([0, 0, 1, 2]);
    expect(timeline.indexAt(timeline.centre(1))).toBe(1);
  });

  it('axis labels neither touch nor reach over the edges', () => {
    const days = Array.from({ length: 365 }, (_, i) => ({ name: `2024-day-${i}`, profiles: 1, thin: 0, partial: false }));
    const { ticks } = layoutTimeline(days, { width: 700, height: 40 });
    const widest = '2024-day-364'.length * 6.2;
    expect(ticks.length).toBeGreaterThan(3);
    const gaps = ticks.slice(1).map((tick, i) => tick.x - (ticks[i]?.x ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(widest);
    expect(ticks[0]?.x).toBeGreaterThan(widest / 2);
    expect(ticks.at(-1)?.x).toBeLessThan(700 - widest / 2);
  });

  it('names lose what all of them share', () => {
    expect(shortNames(['2024-01-01', '2024-02-01'])).toEqual(['2024-01', '2024-02']);
    expect(shortNames(['2023-01-01', '2024-01-01'])).toEqual(['2023', '2024']);
    expect(shortNames(['2024-01-01', '2024-01-08'])).toEqual(['2024-01-01', '2024-01-08']);
    expect(shortNames(['2024-01-01T05:00:00.000Z'])).toEqual(['01-01 05:00']);
  });
});

describe('sparkline', () => {
  it('a missing value is a gap, never zero', () => {
    const { line, points } = layoutSparkline([5, null, 10], { width: 100, height: 20 });
    expect(points.map((p) => p.index)).toEqual([0, 2]);
    expect(line.match(/M/g)).toHaveLength(2);
  });
});

describe('camera', () => {
  it('projecting and back gives the same point, and the fit shows the whole extent', () => {
    const size = { width: 700, height: 400 };
    const x = Float32Array.of(-3, 4);
    const y = Float32Array.of(2, 9);
    const extent = extentOf({ count: 2, user: new Uint32Array(2), window: new Uint32Array(2), x, y });
    const camera = fitCamera(extent, size, 20);
    const [px, py] = project(camera, size, 4, 9);
    expect(py).toBeCloseTo(20, 6);
    const [wx, wy] = unproject(camera, size, px, py);
    expect(wx).toBeCloseTo(4, 6);
    expect(wy).toBeCloseTo(9, 6);
  });

  it('the fit beside something leaves its pixels at the right free', () => {
    const size = { width: 700, height: 400 };
    const extent = { x: [-30, 40], y: [2, 9] } as const;
    const camera = fitCamera(extent, size, 20, 300);
    expect(project(camera, size, -30, 2)[0]).toBeCloseTo(20, 6);
    expect(project(camera, size, 40, 9)[0]).toBeCloseTo(380, 6);
    expect(project(camera, size, 5, 5.5)[1]).toBeCloseTo(200, 6);
  });

  it('no profiles at all still give a finite camera', () => {
    const none = {
      count: 0,
      user: new Uint32Array(0),
      window: new Uint32Array(0),
      x: new Float32Array(0),
      y: new Float32Array(0),
    };
    expect(Number.isFinite(fitCamera(extentOf(none), { width: 0, height: 0 }, 20).zoom)).toBe(true);
  });
});
