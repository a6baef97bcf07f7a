/**
 * Calls `whenSilent` when nothing was heard for so long, unless it is cleared before. What this process
 * itself was too busy to hear does not count as silence: an answer that lies in its socket is read first,
 * and where the process has been held up, the other side gets its time once more. Until then the process
 * does not end: the connection of an app does not keep it, and somebody waits for the answer.
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
  };
  wait(false);
  return {
    clear() {
      isCleared = true;
      clearTimeout(timer);
    },
  };
}
