/**
 * Calls `whenSilent` when nothing was heard for so long, unless it is cleared before. What this process
 * itself was too busy to hear does not count as silence: an answer that lies in its socket is read first,
 * and where the process has been held up, the other side gets its time once more.
 */
export function afterSilence(milliseconds: number, whenSilent: () => void): { clear(): void } {
  let timer: NodeJS.Timeout;
  let isCleared = false;
  const wait = (isSecond: boolean) => {
    const began = performance.now();
    timer = setTimeout(() => {
      const heldUp = performance.now() - began > milliseconds * 1.2 + 20;
      if (heldUp && !isSecond) return wait(true);
      // Sockets are read between timers and this.
      setImmediate(() => {
        if (!isCleared) whenSilent();
      });
    }, milliseconds);
    timer.unref();
  };
  wait(false);
  return {
    clear() {
      isCleared = true;
      clearTimeout(timer);
    },
  };
}
