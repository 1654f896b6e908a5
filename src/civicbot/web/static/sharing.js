// Copying, sharing and printing an answer.
let told = null;

/** Says beside a button what came of it; `role=status` makes screen readers say it too. */
function tell(button, text) {
  told?.remove();
  told = document.createElement('p');
  told.className = 'cb-toast';
  told.setAttribute('role', 'status');
  document.body.append(told);
  const note = told;
  requestAnimationFrame(() => (note.textContent = text));
  setTimeout(() => note.remove(), 5000);
}

async function toClipboard(text) {
  if (navigator.clipboard && isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Without https browsers offer the old way only.
  const area = document.createElement('textarea');
  const focused = document.activeElement;
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  focused?.focus();
  if (!copied) throw new Error('not copied');
}

export async function copyText(text, button, done, failed) {
  try {
    await toClipboard(text);
    tell(button, done);
  } catch {
    tell(button, failed);
  }
}

export async function shareLink(address, button, done, failed) {
  if (navigator.share && matchMedia('(pointer: coarse)').matches) {
    try {
      await navigator.share({ title: document.title, url: address });
      return;
    } catch (error) {
      if (error.name === 'AbortError') return; // the resident changed their mind
    }
  }
  await copyText(address, button, done, failed);
}

export function printTurn(turn) {
  document.documentElement.classList.add('cb-print-one');
  turn.classList.add('cb-print');
  addEventListener(
    'afterprint',
    () => {
      document.documentElement.classList.remove('cb-print-one');
      turn.classList.remove('cb-print');
    },
    { once: true },
  );
  print();
}
