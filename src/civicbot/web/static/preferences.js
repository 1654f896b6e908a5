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

/** The header comes from the server, which does not know what is chosen. */
export function checkPreferences() {
  for (const input of document.querySelectorAll('[data-preference]')) {
    const checked = input.value === document.documentElement.dataset[input.dataset.preference];
    if (input.checked !== checked) input.checked = checked;
  }
}
