/** The polynomial of gzip's CRC, its bits reversed. */
const POLYNOMIAL = 0xedb8_8320;
const ONE = 0x8000_0000;

/** A product of two polynomials, as 32 bits. */
function multiply(left: number, right: number): number {
  let product = 0;
  let factor = right;
  for (let rest = left; rest !== 0; rest <<= 1) {
    if (rest < 0) product ^= factor;
    factor = factor & 1 ? (factor >>> 1) ^ POLYNOMIAL : factor >>> 1;
  }
  return product;
}

/** What so many bytes behind a text do to its checksum: the same for every text, so it is found once per batch. */
export function crcShift(length: number): number {
  let shift = ONE | 0;
  let power = ONE >>> 8; // x^8: one byte.
  for (let rest = length; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) shift = multiply(power, shift);
    power = multiply(power, power);
  }
  return shift;
}

/** The checksum of one text behind another, from the checksums of both and the `crcShift` of the second one's length. */
export function joinCrc(before: number, shift: number, after: number): number {
  return (multiply(shift, before | 0) ^ after) >>> 0;
}
