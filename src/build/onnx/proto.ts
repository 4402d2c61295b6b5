/**
 * The little of Protocol Buffers that an ONNX file needs (onnx/onnx.proto, encoding: protobuf.dev/programming-guides/encoding).
 * Written here because no package of the project writes ONNX, and 60 lines are less than a dependency.
 */

const text = new TextEncoder();

const WIRE_VARINT = 0;
const WIRE_BYTES = 2;
const WIRE_FIXED32 = 5;

/** A message under construction; every method returns the message itself, so that calls chain. */
export class ProtoMessage {
  private readonly parts: Uint8Array[] = [];
  private length = 0;

  /** A whole number, not negative or (as two's complement of 64 bits) negative. */
  int(field: number, value: number): this {
    return this.tag(field, WIRE_VARINT).append(varint(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.tag(field, WIRE_FIXED32).append(bytes);
  }

  string(field: number, value: string): this {
    return this.bytes(field, text.encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.tag(field, WIRE_BYTES).append(varint(value.length)).append(value);
  }

  message(field: number, value: ProtoMessage): this {
    this.tag(field, WIRE_BYTES).append(varint(value.length));
    for (const part of value.parts) this.append(part);
    return this;
  }

  toBytes(): Uint8Array {
    const out = new Uint8Array(this.length);
    let offset = 0;
    for (const part of this.parts) {
      out.set(part, offset);
      offset += part.length;
    }
    return out;
  }

  private tag(field: number, wire: number): this {
    return this.append(varint(field * 8 + wire));
  }

  private append(part: Uint8Array): this {
    this.parts.push(part);
    this.length += part.length;
    return this;
  }
}

/** Base 128, least significant group first; the top bit of a byte says that more follow. */
function varint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const out: number[] = [];
  do {
    const group = Number(rest & 0x7fn);
    rest >>= 7n;
    out.push(rest === 0n ? group : group | 0x80);
  } while (rest !== 0n);
  return Uint8Array.from(out);
}
