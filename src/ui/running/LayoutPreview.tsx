import { useElementSize, useReducedMotion } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { cloudDot, fitCloud } from '../../charts/index.ts';
import type { LayoutFrame } from '../../domain/index.ts';
import { useScheme } from '../common/use-colours.ts';
import classes from './LayoutPreview.module.css';

const PADDING = 14;

/**
 * The map as it forms, without colours yet: segments are told by the result. Who asked for less motion sees the last frame alone.
 * Its place is kept from the start, so that nothing moves under the pointer when the first frame comes.
 */
export function LayoutPreview({ frame }: { frame: LayoutFrame | null }) {
  const still = useReducedMotion();
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const shown = still && frame !== null && frame.epoch < frame.epochs ? null : frame;
  const canvas = useCloud(shown, width, height);
  return (
    <figure className={classes.figure} data-testid="layout-preview" data-epoch={shown?.epoch ?? 0}>
      <div ref={ref} className={classes.box}>
        <canvas ref={canvas} className={classes.canvas} aria-hidden />
      </div>
      <figcaption className={classes.caption}>{captionOf(frame, shown)}</figcaption>
    </figure>
  );
}

function captionOf(frame: LayoutFrame | null, shown: LayoutFrame | null): string {
  if (frame === null) return 'The map takes shape here once its stage begins.';
  const profiles = `${(frame.positions.length / 2).toLocaleString('en')} profiles`;
  if (shown === null) return `${profiles} are finding their places on the map.`;
  return frame.epoch < frame.epochs ? `${profiles}, epoch ${frame.epoch} of ${frame.epochs}` : `${profiles}, in their places`;
}

/** A canvas that shows the frame at the device's own resolution, in the scheme of the page. */
function useCloud(frame: LayoutFrame | null, width: number, height: number) {
  const ref = useRef<HTMLCanvasElement>(null);
  // The canvas inherits its colour, which the scheme changes: so it is painted anew.
  const scheme = useScheme();
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || width === 0) return;
    const ratio = window.devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    context.scale(ratio, ratio);
    canvas.dataset.scheme = scheme;
    context.fillStyle = getComputedStyle(canvas).color;
    if (frame) paint(context, fitCloud(frame.positions, { width, height }, PADDING));
  }, [frame, width, height, scheme]);
  return ref;
}

/** Dots (n x 2 pixels) that let those below them through: where many lie it grows darker. */
function paint(context: CanvasRenderingContext2D, pixels: Float32Array): void {
  const side = cloudDot(pixels.length / 2);
  context.globalAlpha = 0.55;
  for (let i = 0; i < pixels.length; i += 2) {
    context.fillRect((pixels[i] as number) - side / 2, (pixels[i + 1] as number) - side / 2, side, side);
  }
}
