/** Frames in a second of the files that tests make. */
const RATE = 44_100;

/** A stereo WAV of 16 bits with two tones in noise, faded at both ends, and clipped in its middle where that is wanted. */
export function musicFile(seconds: number, clipped = false): Buffer {
  const frames = RATE * seconds;
  const file = Buffer.alloc(44 + frames * 4);
  file.write('RIFF', 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16); // size of the format chunk
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(2, 22); // channels
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE * 4, 28); // bytes in a second
  file.writeUInt16LE(4, 32); // bytes of a frame
  file.writeUInt16LE(16, 34); // bits of a sample
  file.write('data', 36);
  file.writeUInt32LE(frames * 4, 40);
  const middle = Math.floor(frames / 2);
  // Noise, so that no band of the spectrum is empty as after a lossy coding; the same each time.
  let state = 1;
  const noise = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state / 0x4000_0000 - 1) * 0.1;
  };
  for (let frame = 0; frame < frames; frame += 1) {
    const fade = Math.min(frame, frames - 1 - frame, RATE / 10) / (RATE / 10);
    const isClipped = clipped && frame >= middle && frame < middle + 50;
    for (const [channel, hertz] of [440, 660].entries()) {
      const tone = 0.2 * Math.sin((2 * Math.PI * hertz * frame) / RATE) + noise();
      const value = isClipped ? 1 : fade * tone;
      file.writeInt16LE(Math.round(value * 32_767), 44 + frame * 4 + channel * 2);
    }
  }
  return file;
}
