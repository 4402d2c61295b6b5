/** A dot in a track's colour. */
export const Swatch = ({ colour, size = 9 }: { colour: string; size?: number }) => (
  <span
    aria-hidden
    style={{ width: size, height: size, borderRadius: '50%', background: colour, flex: 'none', display: 'inline-block' }}
  />
);
