// Runs once for the conversation: `element`, `trigger` and `watch` are Gradio's.
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-ask]');
  if (button) trigger('ask', { question: button.dataset.ask });
});

let turns = 0;
watch('value', () => {
  const all = element.querySelectorAll('.cb-turn');
  const newest = all[all.length - 1];
  // A new question goes to the top; once its answer has made the page longer, again if it could not get there.
  if (newest && (all.length > turns || newest.getBoundingClientRect().top > innerHeight / 3)) {
    newest.scrollIntoView({ block: 'start' });
  }
  turns = all.length;
});
