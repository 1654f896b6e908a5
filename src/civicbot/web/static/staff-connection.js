// Whether the server can be reached and somebody is still logged in.
const AGAIN_MS = 2000;
const LOOK_MS = 60000;
const PATIENCE_MS = 5000;

/** `here`, `out` when the log-in has ended, or `lost`. */
async function standing() {
  try {
    const answer = await fetch('/staff/session', { cache: 'no-store', headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status === 401) return 'out';
    return answer.status < 500 ? 'here' : 'lost';
  } catch {
    return 'lost';
  }
}

export function startConnection({ refused }) {
  const line = () => document.getElementById('sd-net');
  let lost = false;

  function expire() {
    const dialog = document.getElementById('sd-expired');
    if (!dialog || dialog.open) return;
    for (const other of document.querySelectorAll('dialog[open]')) other.close();
    const back = `${location.pathname}${location.search}`;
    document.getElementById('sd-again').href = `/staff/login?next=${encodeURIComponent(back)}`;
    // What residents wrote does not stay on the screen of somebody who has left.
    document.getElementById('sd-page').classList.add('sd-away');
    dialog.showModal();
  }

  async function lose() {
    if (lost) return;
    lost = true;
    line().textContent = line().dataset.lost;
    line().hidden = false;
    let now = 'lost';
    while (now === 'lost') {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      now = await standing();
    }
    location.reload(); // Gradio's client does not come back by itself; the address and what was typed do
  }

  async function check(broken) {
    const now = await standing();
    if (now === 'out') expire();
    else if (now === 'lost') lose();
    else if (broken) refused();
  }

  document.addEventListener('civicbot:failed', () => check(true));
  // Gradio says in a message of its own, which we do not show, that its stream broke off.
  new MutationObserver(() => {
    if (document.querySelector('.toast-body.error')) check(false).then(() => !lost && refused(true));
  }).observe(document.body, { childList: true, subtree: true });
  setInterval(() => check(false), LOOK_MS);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && check(false));
  return { expire };
}
