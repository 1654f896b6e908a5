// Shortcuts of the desk. They go by the key's place, so that they work while the keyboard writes Korean.
const SETTING = 'civicbot-desk-keys';
const typing = (element) => element.closest('textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])') !== null;

export function keysAreOn() {
  try {
    return localStorage.getItem(SETTING) !== 'off';
  } catch {
    return true;
  }
}

const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled;

function rows(step) {
  const all = [...document.querySelectorAll('tr[data-row]')];
  if (!all.length) return false;
  const here = all.indexOf(document.activeElement.closest('tr[data-row]'));
  const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step));
  const link = all[next].querySelector('a');
  link.focus({ preventScroll: true });
  all[next].scrollIntoView({ block: 'nearest' });
  return true;
}

function press(name) {
  const target = [...document.querySelectorAll(`[data-key="${name}"]`)].find(shown);
  if (!target) return false;
  if (target.matches('input, textarea')) {
    target.focus();
    target.select();
  } else {
    target.click();
  }
  return true;
}

const moves = {
  KeyJ: () => press('KeyJ') || rows(1),
  KeyK: () => press('KeyK') || rows(-1),
  KeyX: () => {
    const box = document.activeElement.closest('tr[data-row]')?.querySelector('input[type=checkbox]');
    box?.click();
    return Boolean(box);
  },
  KeyC: () => press('KeyC') || claimRow(),
};

/** In the list there is no button for one item: it is ticked, and claimed as what is ticked. */
function claimRow() {
  const box = document.activeElement.closest('tr[data-row]')?.querySelector('input[name=items]');
  if (!box) return false;
  for (const other of document.querySelectorAll('input[name=items]:checked')) other.checked = false;
  box.checked = true;
  document.getElementById('sd-claim-many').click();
  return true;
}

export function startKeys() {
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && typing(event.target) && !event.isComposing) event.target.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (!keysAreOn() || typing(event.target) || document.querySelector('dialog[open]')) return;
    const name = event.key === '?' ? '?' : event.code.replace('Numpad', 'Digit');
    if (event.shiftKey && name !== '?') return;
    if (moves[name] ? moves[name]() : press(name)) event.preventDefault();
  });
}
