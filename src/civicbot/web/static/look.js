// Stands in the head of the chat page, so that its first picture has the chosen colours and text size already.
for (const [name, usual] of [['theme', 'auto'], ['size', 'normal']]) {
  try {
    document.documentElement.dataset[name] = localStorage.getItem(`civicbot-${name}`) || usual;
  } catch {
    document.documentElement.dataset[name] = usual; // storage is off
  }
}
