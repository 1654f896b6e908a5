// Whether the server can be reached. Gradio's own client gives up for good once an answer breaks off, so the page is
// loaded again then, with the conversation in its address and the question carried over.
const AGAIN_MS = 2000;
const PATIENCE_MS = 5000;
const TOAST_MS = 300;
const TOGETHER_MS = 2000;
const STARTED_MS = 30_000;

async function reachable() {
  try {
    const answer = await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.status < 500; // a proxy in front answers 502 or 503 for a server that is gone
  } catch {
    return false;
  }
}

export function startConnection({ words, pending, unsent, ended, refused, again }) {
  const line = () => document.getElementById('cb-net');
  let lost = false;
  let broken = false;
  let watching = null;
  let checking = false;
  let expecting = null;
  let failed = 0;

  function say(text, retry) {
    const message = document.createElement('span');
    message.textContent = text;
    line().replaceChildren(message);
    line().classList.toggle('cb-back', retry);
    if (retry) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'cb-button';
      button.textContent = words().retry;
      button.addEventListener('click', () => {
        button.disabled = true;
        again();
      });
      line().append(button);
    }
    line().hidden = false;
  }

  function clear() {
    line().hidden = true;
    line().replaceChildren();
  }

  async function lose() {
    if (lost) return;
    lost = true;
    say(words().lost, false);
    while (!(await reachable())) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    if (broken || pending()) {
      history.replaceState({ question: unsent() }, '', location.href);
      location.reload();
      return;
    }
    lost = false;
    say(words().back, true);
  }

  function breakOff() {
    broken = true;
    lose();
  }

  document.addEventListener('civicbot:failed', async () => {
    failed = performance.now();
    if (ended() || pending()) return; // an answer that was stopped ends like this, too
    if (await reachable()) refused();
    else lose();
  });

  // Gradio says in a message of its own, which we do not show, that its stream broke off.
  new MutationObserver(() => {
    if (!document.querySelector('.toast-body.error')) return;
    setTimeout(() => {
      if (performance.now() - failed < TOGETHER_MS) return;
      breakOff();
    }, TOAST_MS);
  }).observe(document.body, { childList: true, subtree: true });

  return {
    async check() {
      if (lost) return false;
      if (await reachable()) {
        clear();
        return true;
      }
      lose();
      return false;
    },
    /** While an answer is being made, a server that is gone is noticed here before anything else. */
    watch(busy) {
      if (busy && !watching) {
        watching = setInterval(async () => {
          if (checking) return;
          checking = true;
          if (!(await reachable()) && !(await reachable())) lose(); // one slow answer is no lost connection
          checking = false;
        }, AGAIN_MS);
      } else if (!busy && watching) {
        clearInterval(watching);
        watching = null;
      }
    },
    /** A question that nothing comes of, though the server can be reached, has met a stream that is dead. */
    expect(sent) {
      if (sent && !expecting) {
        expecting = setTimeout(breakOff, STARTED_MS);
      } else if (!sent && expecting) {
        clearTimeout(expecting);
        expecting = null;
      }
    },
    /** Puts a question back that had no answer when the page was loaded again. */
    restore(box) {
      const question = history.state?.question;
      if (!question) return;
      history.replaceState(null, '', location.href);
      const asked = [...document.querySelectorAll('.cb-turn')].pop();
      if (asked?.querySelector('.cb-question p').textContent === question) return;
      box.value = question;
      say(words().interrupted, false);
    },
  };
}
