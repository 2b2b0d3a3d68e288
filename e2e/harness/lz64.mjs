/** lz-string's base64 form, which old posthog-js sends: compression written down from its format, for tests only. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Compresses UTF-16 text; the inverse of lz-string's `decompressFromBase64`. */
export function lz64(text) {
  const bits = [];
  // Numbers are written with their lowest bit first.
  const write = (value, width) => {
    for (let index = 0; index < width; index += 1) bits.push((value >> index) & 1);
  };
  const dictionary = new Map();
  const unseen = new Set();
  let next = 3;
  let width = 2;
  let room = 2;
  const grow = () => {
    room -= 1;
    if (room === 0) {
      room = 2 ** width;
      width += 1;
    }
  };
  const emit = (word) => {
    if (unseen.has(word)) {
      const code = word.charCodeAt(0);
      // 0 announces an 8-bit character that comes for the first time, 1 a 16-bit one.
      write(code < 256 ? 0 : 1, width);
      write(code, code < 256 ? 8 : 16);
      grow();
      unseen.delete(word);
    } else {
      write(dictionary.get(word), width);
    }
    grow();
  };
  let word = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (!dictionary.has(character)) {
      dictionary.set(character, next);
      next += 1;
      unseen.add(character);
    }
    if (dictionary.has(word + character)) {
      word += character;
      continue;
    }
    emit(word);
    dictionary.set(word + character, next);
    next += 1;
    word = character;
  }
  if (word) emit(word);
  // 2 ends the stream.
  write(2, width);
  while (bits.length % 6 !== 0) bits.push(0);
  let out = '';
  for (let index = 0; index < bits.length; index += 6) {
    out += ALPHABET[bits.slice(index, index + 6).reduce((value, bit) => value * 2 + bit, 0)];
  }
  return out.padEnd(Math.ceil(out.length / 4) * 4, '=');
}
