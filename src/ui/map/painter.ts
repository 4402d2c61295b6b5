import { Deck, OrthographicView, type OrthographicViewState } from '@deck.gl/core';
import { ScatterplotLayer } from '@deck.gl/layers';
import type { Camera, Pose } from '../../charts/index.ts';
import { AppError, abilityError } from '../../domain/index.ts';

export interface PainterEvents {
  onCamera(camera: Camera): void;
  onError(error: AppError): void;
}

/** Dots shrink as they get many, so that 100 are seen and 100,000 still leave the page readable. Pixels. */
export const dotRadius = (count: number): number => Math.max(1.4, Math.min(4.5, 6.2 - 0.95 * Math.log10(Math.max(1, count))));

/**
 * Draws a pose on a canvas of its own inside `parent`. Positions and colours go to the GPU as they are (binary attributes); the
 * camera is owned by the caller. `destroy()` may be called twice.
 */
export class MapPainter {
  private readonly deck: Deck<OrthographicView>;
  private destroyed = false;
  private loaded = false;
  /** Whether the pointer is on a dot. */
  pointing = false;

  constructor(parent: HTMLDivElement, events: PainterEvents) {
    this.deck = new Deck({
      parent,
      views: new OrthographicView({ flipY: false }),
      controller: { keyboard: false, scrollZoom: { speed: 0.01, smooth: false }, inertia: false },
      viewState: { target: [0, 0, 0], zoom: 0 },
      pickingRadius: 0,
      layers: [],
      getCursor: ({ isDragging }) => (isDragging ? 'grabbing' : this.pointing ? 'pointer' : 'grab'),
      style: { outline: 'none' },
      onViewStateChange: ({ viewState }) => events.onCamera(cameraOf(viewState as OrthographicViewState)),
      onLoad: () => {
        this.loaded = true;
        // The canvas takes no key: as a tab stop it would be a nameless halt.
        const canvas = this.deck.getCanvas();
        if (canvas) canvas.tabIndex = -1;
      },
      onError: (error) => {
        if (!this.destroyed) events.onError(this.explain(error));
      },
    });
  }

  private explain(error: Error): AppError {
    if (!this.loaded) return refused(error);
    return this.deck.getCanvas()?.getContext('webgl2')?.isContextLost() ? lost(error) : broken(error);
  }

  draw(pose: Pose): void {
    if (this.destroyed) return;
    const layer = new ScatterplotLayer({
      id: 'users',
      data: {
        length: pose.users.length,
        attributes: {
          getPosition: { value: pose.position, size: 2 },
          getFillColor: { value: pose.colour, size: 4, normalized: true },
          getRadius: { value: pose.scale, size: 1 },
        },
      },
      radiusUnits: 'pixels',
      radiusScale: dotRadius(pose.users.length),
      stroked: false,
      antialiasing: true,
      // A new object every frame, so that the attributes are uploaded again.
      dataComparator: () => false,
    });
    this.deck.setProps({ layers: [layer] });
  }

  setCamera({ target, zoom }: Camera): void {
    if (!this.destroyed) this.deck.setProps({ viewState: { target: [target[0], target[1], 0], zoom } });
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.deck.finalize();
  }
}

const refused = (cause: Error): AppError =>
  abilityError(
    'webgl',
    'The map could not be drawn: this browser refused WebGL 2.',
    'Turn on hardware acceleration or use another browser; segments, lineage and exports work without the map.',
    cause,
  );

const lost = (cause: Error): AppError =>
  abilityError(
    'webgl-lost',
    'The map stopped: the browser took its drawing surface away.',
    'Go to Settings and back to the result to draw it again; nothing is lost.',
    cause,
  );

const broken = (cause: Error): AppError =>
  new AppError(
    'bug',
    'map',
    `The map could not be drawn: ${cause.message}`,
    'Please report this with the details below; segments, lineage and exports work without the map.',
    cause,
  );

const cameraOf = ({ target, zoom }: OrthographicViewState): Camera => ({
  target: [target?.[0] ?? 0, target?.[1] ?? 0],
  zoom: Array.isArray(zoom) ? (zoom[0] ?? 0) : (zoom ?? 0),
});
