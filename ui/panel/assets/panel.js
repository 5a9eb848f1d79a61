// The page's script: keys, commands to the program, and what ties sentences to the words of the case.
// It runs once, with `trigger` (a command out), `watch` and `props` (an answer in) from the bridge.
const PATIENCE = 30000; // without an answer for so long, the page says so and can be used again
const STILL = 50; // the page has been drawn when nothing in it changed for so long
const SETTLE = 400; // a case that has just come up takes no decision from a key that was meant for the one before
const KEYS = { c: 'confirmed', g: 'changed', r: 'rejected', e: 'escalated' };
const NAMES = { changed: 'change', rejected: 'reject', escalated: 'escalate' };

const find = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];
const state = { busy: false, settled: 0, waiting: [], touched: new Set(), verb: null, timer: null, reasons: {}, drafting: {} };

const openCase = () => find('#rc-case .case')?.dataset.case ?? '';
const editing = () => Boolean(find('#rc-editor .editor'));
const reason = () => find('#rc-reason');

function say(words) { find('#rc-said').textContent = words || ''; }

function problem(message, hint) {
  const box = find('#rc-problem');
  box.textContent = message ? (hint ? `${message} – ${hint}.` : message) : '';
  box.hidden = !message;
}

function mood(name) { document.body.dataset.panel = name; }

// Commands ---------------------------------------------------------------------------------------------------------

function send(command) {
  if (state.busy) {
    // A decision is never kept waiting: it could meet another screen than the one it was made on.
    if (command.do === 'decide') return say('Still loading. Press again in a moment.');
    if (going(command) && going(state.waiting.at(-1))) state.waiting.pop();
    state.waiting.push(command);
    return;
  }
  state.busy = true;
  state.sent = command;
  state.touched = new Set();
  state.inQueue = Boolean(document.activeElement?.closest('#rc-queue'));
  state.focus = document.activeElement?.closest('#rc-editor') ? document.activeElement.name || 'none' : null;
  state.fields = Object.fromEntries(fields().map((field) => [field.name, field.value]));
  mood('busy');
  problem('');
  state.timer = setTimeout(noAnswer, PATIENCE);
  trigger('command', command);
}

const going = (command) => command?.do === 'move' || command?.do === 'open';

function noAnswer() {
  state.busy = false;
  state.waiting = [];
  mood('ready');
  problem('No answer from the program', 'check that it is running; what you typed is still here');
}

function fields() { return all('#rc-editor select, #rc-editor input'); }

watch('value', () => {
  if (!props.value) return;
  const answer = JSON.parse(props.value);
  whenShown(answer, 40);
});

// The views come with the answer, but each is drawn in its own time.
function whenShown(answer, tries) {
  const shown = (!answer.case || openCase() === answer.case) && editing() === answer.editing;
  if (shown || tries === 0) whenStill(() => finish(answer));
  else requestAnimationFrame(() => whenShown(answer, tries - 1));
}

function whenStill(then) {
  const done = () => { watcher.disconnect(); then(); };
  let timer = setTimeout(done, STILL);
  const watcher = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(done, STILL); });
  watcher.observe(find('#rc-columns'), { childList: true, subtree: true });
}

function finish(answer) {
  clearTimeout(state.timer);
  if (answer.opened) opened(answer);
  if (answer.saved) delete state.reasons[state.sent?.case];
  if (answer.saved || (answer.opened && state.last !== answer.case)) newCase(answer);
  else if (answer.editing) restoreFields(answer);
  narrowAll();
  if (answer.confirm !== null) confirmable(answer.confirm);
  say(answer.said);
  problem(answer.problem, answer.hint);
  state.last = answer.case;
  state.busy = false;
  setTimeout(() => { if (!state.busy) mood('ready'); }, Math.max(0, state.settled - performance.now()) + 20);
  if (state.waiting.length) send(state.waiting.shift());
}

function opened(answer) {
  const current = find('#rc-queue [aria-current]');
  current?.scrollIntoView({ block: 'nearest' });
  if (state.inQueue) current?.focus({ preventScroll: true });
  progress(answer.case);
}

function newCase(answer) {
  choose(null);
  state.settled = performance.now() + SETTLE;
  reason().value = state.reasons[answer.case] ?? '';
  for (const column of all('#rc-middle, #rc-draft')) column.scrollTop = 0;
}

function restoreFields(answer) {
  const cleared = state.sent?.do === 'correct' && !answer.problem ? ['note'] : [];
  for (const field of fields().filter((held) => !state.touched.has(held.name))) {
    if (cleared.includes(field.name)) field.value = '';
    else if (state.fields[field.name] !== undefined) field.value = state.fields[field.name];
  }
  if (state.sent?.do === 'edit') find('#rc-editor .editor')?.focus();
  else if (state.focus && !find('#rc-editor :focus')) (find(`#rc-editor [name=${state.focus}]`) ?? find('#rc-editor .editor'))?.focus();
}

function confirmable(why) {
  const button = find('[data-verb=confirmed]');
  button.setAttribute('aria-disabled', why ? 'true' : 'false');
  button.title = why ? `Can't be confirmed: ${why}` : '';
}

// Decisions --------------------------------------------------------------------------------------------------------

function choose(verb) {
  state.verb = verb;
  for (const button of all('[data-verb]')) button.setAttribute('aria-pressed', String(button.dataset.verb === verb));
  find('#rc-reason-label').textContent = verb ? `Reason to ${NAMES[verb] ?? 'confirm'} – Enter completes` : 'Reason';
}

function askReason() {
  reason().focus();
}

function decide(verb) {
  if (document.body.dataset.panel !== 'ready') return say('The case has just opened. Press again in a moment.');
  if (!openCase()) return say('No case is open.');
  const why = reason().value.trim();
  if (verb === 'changed' && !editing()) {
    choose(verb);
    return send({ do: 'edit', case: openCase() });
  }
  if (verb !== 'confirmed' && !why) {
    choose(verb);
    say(`Give a reason to ${NAMES[verb]}, then press Enter.`);
    return askReason();
  }
  const reportability = verb === 'changed' ? find('#rc-editor [name=reportability]')?.value : null;
  send({ do: 'decide', case: openCase(), verb, reason: why, ...(reportability ? { reportability } : {}) });
}

function complete() {
  if (state.verb) decide(state.verb);
  else if (editing()) decide('changed');
  else say('Choose first: leave the box with Esc, then press C, G, R or E.');
}

// Drafting ---------------------------------------------------------------------------------------------------------

function draft(id) {
  if (state.drafting[id]) return;
  state.drafting[id] = { since: performance.now(), timer: setInterval(() => progress(id), 1000) };
  progress(id);
  say(`Drafting case ${id}. You can go on with other cases.`);
  trigger('draft', { case: id });
}

function progress(id) {
  const running = state.drafting[id];
  const line = find('#rc-draft [data-progress]');
  if (!line || openCase() !== id) return;
  line.hidden = !running;
  const button = find('#rc-draft [data-do=draft]');
  if (button) button.disabled = Boolean(running);
  if (!running) return;
  line.textContent = `Drafting … ${Math.round((performance.now() - running.since) / 1000)} s`;
}

function drafted(answer) {
  clearInterval(state.drafting[answer.case]?.timer);
  delete state.drafting[answer.case];
  progress(answer.case);
  if (answer.problem) { say(''); return problem(answer.problem, answer.hint); }
  state.last = openCase();
  send({ do: 'drafted', case: answer.case });
}

window.reviewerPanel = { drafted };

// Clicks -----------------------------------------------------------------------------------------------------------

function command(button) {
  const { do: act, case: id, part, draft: number, action, on, number: at } = button.dataset;
  if (act === 'draft') return draft(id);
  const more = { reveal: { part }, mask: { part }, show: { draft: Number(number) }, remove_step: { action, on }, uncorrect: { number: Number(at) } };
  if (act === 'leave') choose(null);
  send({ do: act, case: id, ...(more[act] ?? {}) });
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('button, mark.evidence');
  if (!button) return;
  if (button.dataset.verb) return decide(button.dataset.verb);
  if (button.dataset.page === 'keys') return toggleKeys();
  if (button.dataset.page === 'theme') return document.body.classList.toggle('dark');
  if (button.classList.contains('to-words')) return showWords(button);
  if (button.matches('mark.evidence')) return showClaim(button);
  if (button.dataset.do && button.tagName === 'BUTTON') command(button);
});

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.closest('#rc-columns')) return;
  event.preventDefault();
  if (!form.dataset.do) return;
  const typed = Object.fromEntries([...form.querySelectorAll('select, input')].map((field) => [field.name, field.value]));
  send({ do: form.dataset.do, case: form.dataset.case, ...typed });
});

document.addEventListener('input', (event) => {
  state.touched.add(event.target.name);
  if (event.target.id === 'rc-reason') state.reasons[openCase()] = event.target.value;
});

document.addEventListener('change', (event) => {
  if (event.target.dataset.narrows) narrow(event.target);
});

// A choice narrows others to the options that go with it.
function narrow(choice) {
  for (const name of choice.dataset.narrows.split(' ')) {
    const other = choice.closest('form').querySelector(`[name=${name}]`);
    for (const option of other.options) {
      option.hidden = option.disabled = Boolean(option.dataset.for) && !option.dataset.for.split(' ').includes(choice.value);
    }
    if (other.selectedOptions[0]?.disabled ?? true) other.value = [...other.options].find((option) => !option.disabled)?.value ?? '';
  }
}

function narrowAll() { all('#rc-editor [data-narrows]').forEach(narrow); }

// Sentences and the words they rest on -----------------------------------------------------------------------------

function marksOf(number) { return all(`#rc-case mark.evidence[data-claims~="${number}"]`); }

function light(number) {
  for (const mark of all('#rc-case mark.lit')) mark.classList.remove('lit');
  for (const item of all('#rc-draft li.lit')) item.classList.remove('lit');
  if (!number) return;
  marksOf(number).forEach((mark) => mark.classList.add('lit'));
  find(`#claim-${number}`)?.classList.add('lit');
}

function showWords(button) {
  light(button.dataset.claim);
  const mark = marksOf(button.dataset.claim).find((held) => held.closest('[data-part]')?.dataset.part === button.dataset.part);
  const place = mark ?? all('#rc-case [data-do=reveal]').find((held) => held.dataset.part === button.dataset.part);
  place?.scrollIntoView({ block: 'center' });
}

function showClaim(mark) {
  const number = mark.dataset.claims.split(' ')[0];
  light(number);
  find(`#claim-${number}`)?.scrollIntoView({ block: 'center' });
}

document.addEventListener('mouseover', (event) => {
  const claim = event.target.closest?.('#rc-draft li[data-claim]');
  const mark = event.target.closest?.('mark.evidence');
  if (claim) light(claim.dataset.claim);
  else if (mark) light(mark.dataset.claims.split(' ')[0]);
});

// Keys -------------------------------------------------------------------------------------------------------------

function toggleKeys() {
  const dialog = find('#rc-keys');
  if (dialog.open) dialog.close();
  else dialog.showModal();
}

function otherDraft() {
  const tabs = all('#rc-draft .tabs button');
  const at = tabs.findIndex((tab) => tab.getAttribute('aria-pressed') === 'true');
  if (tabs.length) command(tabs[(at + 1) % tabs.length]);
}

function allCitations() {
  const held = all('#rc-draft details.citation');
  const open = held.some((one) => !one.open);
  held.forEach((one) => { one.open = open; });
}

function escape() {
  if (state.verb && state.verb !== 'changed') { choose(null); say(''); return; }
  if (editing()) { choose(null); send({ do: 'leave', case: openCase() }); }
}

const typing = (target) => Boolean(target.closest?.('input, textarea, select, [contenteditable=true]'));

function inReason(event) {
  if (event.target.id !== 'rc-reason') return event.key === 'Escape' && event.target.blur();
  if (event.key === 'Escape') { event.target.blur(); choose(null); say(''); }
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); complete(); }
}

document.addEventListener('keydown', (event) => {
  if (typing(event.target)) return inReason(event);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === '?') return toggleKeys();
  if (find('#rc-keys').open) return;
  const inQueue = Boolean(event.target.closest?.('#rc-queue'));
  const by = key === 'j' || (inQueue && key === 'ArrowDown') ? 1 : key === 'k' || (inQueue && key === 'ArrowUp') ? -1 : 0;
  if (by) { event.preventDefault(); return send({ do: 'move', by }); }
  if (event.repeat) return;
  if (KEYS[key]) { event.preventDefault(); return decide(KEYS[key]); }
  if (key === 'd') return otherDraft();
  if (key === 'o') return allCitations();
  if (key === 'Escape') return escape();
});
