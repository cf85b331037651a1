import { frameOf, widthOf } from '../screen/frame.ts';
import { Transcript } from '../screen/transcript.ts';
import { greetingLines } from '../screen/welcome.ts';
import type { Device } from '../terminal/device.ts';
import { Paper } from '../terminal/paper.ts';
import { draw, type Line } from '../text/line.ts';
import { themes } from '../text/style.ts';
import type { Screen } from './screen.ts';

/** Draws the screen on the device: what is final is written once, what is live is kept up to date. */
export class Stage {
  readonly #device: Device;
  #paper: Paper;
  #transcript = new Transcript();
  #isBegun = false;

  constructor(device: Device) {
    this.#device = device;
    this.#paper = new Paper(device.size());
  }

  paint(screen: Screen): void {
    if (!this.#isBegun) {
      this.#begin(screen);
      return;
    }
    const { commit, open, broken } = this.#transcript.advance(screen.view, widthOf(screen));
    if (broken) this.repaint(screen);
    else
      this.#device.write(this.#paper.paint({ commit: drawn(commit, screen), ...this.#live(screen, open) }));
  }

  /** Everything anew: another size or theme, another session, or what was written no longer holds. */
  repaint(screen: Screen): void {
    const { above, open } = this.#past(screen);
    this.#device.write(this.#paper.repaint(screen.size, drawn(above, screen), this.#live(screen, open)));
  }

  /** Leaves what is final, and the cursor below it. */
  end(): void {
    this.#device.write(this.#paper.end());
  }

  #begin(screen: Screen): void {
    this.#isBegun = true;
    this.#paper = new Paper(screen.size);
    const { above, open } = this.#past(screen);
    this.#device.write(this.#paper.paint({ commit: drawn(above, screen), ...this.#live(screen, open) }));
  }

  #past(screen: Screen): { readonly above: readonly Line[]; readonly open: readonly Line[] } {
    const width = widthOf(screen);
    this.#transcript = new Transcript();
    const earlier = this.#transcript.begin(screen.view, width);
    const { commit, open } = this.#transcript.advance(screen.view, width);
    const head = earlier.length === 0 ? greetingLines(screen, width) : earlier;
    return { above: [...head, ...commit], open };
  }

  #live(
    screen: Screen,
    open: readonly Line[],
  ): { live: readonly string[]; cursor: { row: number; column: number } } {
    const { lines, cursor } = frameOf(screen, open);
    return { live: drawn(lines, screen), cursor };
  }
}

const drawn = (lines: readonly Line[], { theme }: Screen): readonly string[] =>
  lines.map((one) => draw(one, themes[theme]));
