// How the page is to look: two choices, kept on this device and nowhere else.
const KEYS = { theme: 'civicbot-theme', size: 'civicbot-size' };
const USUAL = { theme: 'auto', size: 'normal' };

function chosen(name) {
  try {
    return localStorage.getItem(KEYS[name]) || USUAL[name];
  } catch {
    return document.documentElement.dataset[name] || USUAL[name]; // storage is off: the choice lasts until reload
  }
}

function choose(name, value) {
  document.documentElement.dataset[name] = value;
  try {
    if (value === USUAL[name]) localStorage.removeItem(KEYS[name]);
    else localStorage.setItem(KEYS[name], value);
  } catch {
    // Nothing to be done.
  }
}

export function startPreferences() {
  for (const name of Object.keys(KEYS)) document.documentElement.dataset[name] = chosen(name);
  document.addEventListener('change', (event) => {
    const name = event.target.dataset?.preference;
    if (name) choose(name, event.target.value);
  });
}

/** The pages around the chat hold no script: the address that leads to one of them tells how it is to look. */
export function carryPreferences(event) {
  const link = event.target.closest?.('a[href]');
  if (!link || link.origin !== location.origin || link.pathname === '/') return;
  const address = new URL(link.href);
  for (const name of Object.keys(KEYS)) {
    const value = document.documentElement.dataset[name];
    if (value && value !== USUAL[name]) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
  }
  if (address.href !== link.href) link.href = address.pathname + address.search + address.hash;
}

/** The header comes from the server, which does not know what is chosen. */
export function checkPreferences() {
  for (const input of document.querySelectorAll('[data-preference]')) {
    const checked = input.value === document.documentElement.dataset[input.dataset.preference];
    if (input.checked !== checked) input.checked = checked;
  }
}
