/** Keeps the head and the tail of a stream in constant memory. */
export class CappedOutput {
  readonly #half: number;
  #head = '';
  #tail: string[] = [];
  #tailLength = 0;
  #seen = 0;

  constructor(limit: number) {
    this.#half = Math.max(1, Math.floor(limit / 2));
  }

  push(text: string): void {
    this.#seen += text.length;
    const room = this.#half - this.#head.length;
    if (room > 0) this.#head += text.slice(0, room);
    const rest = room > 0 ? text.slice(room) : text;
    if (rest === '') return;
    this.#tail.push(rest);
    this.#tailLength += rest.length;
    // Joining at twice the size keeps the cost per character constant.
    if (this.#tailLength > 2 * this.#half + 65_536) this.#trim();
  }

  text(): string {
    this.#trim();
    const tail = this.#tail.join('');
    const cut = this.#seen - this.#head.length - tail.length;
    if (cut === 0) return (this.#head + tail).toWellFormed();
    return `${this.#head}\n[… ${cut} characters cut out …]\n${tail}`.toWellFormed();
  }

  #trim(): void {
    const joined = this.#tail.join('').slice(-this.#half);
    this.#tail = [joined];
    this.#tailLength = joined.length;
  }
}
