/** Samples in a second of the files that tests make. */
const RATE = 8_000;

/** A WAV file with a tone of 440 Hz: mono, 16 bit. */
export function waveFile(seconds: number): Buffer {
  const samples = RATE * seconds;
  const file = Buffer.alloc(44 + samples * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16); // size of the format chunk
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // one channel
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE * 2, 28); // bytes in a second
  file.writeUInt16LE(2, 32); // bytes of a frame
  file.writeUInt16LE(16, 34); // bits of a sample
  file.write('data', 36);
  file.writeUInt32LE(samples * 2, 40);
  for (let index = 0; index < samples; index += 1) {
    file.writeInt16LE(Math.round(12_000 * Math.sin((2 * Math.PI * 440 * index) / RATE)), 44 + index * 2);
  }
  return file;
}
