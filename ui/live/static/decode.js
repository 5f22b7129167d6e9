// From the bytes of one frame to its header and arrays.

const TYPES = { u4: Uint32Array, u2: Uint16Array, f4: Float32Array, i1: Int8Array, u1: Uint8Array };

/**
 * Layout: uint32 header length, the header as UTF-8 JSON, then each array of `header.arrays`,
 * all starting at multiples of four bytes, little-endian.
 * @param {ArrayBuffer} buffer
 * @returns {{header: Object, arrays: Object<string, Uint32Array|Uint16Array|Float32Array|Int8Array|Uint8Array>}}
 * @throws {RangeError} when the bytes end before the arrays do
 */
export function decode(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const arrays = {};
  let offset = aligned(4 + length);
  for (const { name, type, shape } of header.arrays) {
    const size = shape.reduce((product, n) => product * n, 1);
    arrays[name] = new TYPES[type](buffer, offset, size);
    offset = aligned(offset + arrays[name].byteLength);
  }
  return { header, arrays };
}

function aligned(offset) {
  return Math.ceil(offset / 4) * 4;
}
