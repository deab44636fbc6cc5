// What the portal's pages do beyond what they do without it: copy a code, notice a payment, say that a file is on its way.
const said = document.getElementById("said");
const main = document.getElementById("content");
const QUICK_MS = 2_000;
const MINUTE_MS = 60_000;

function say(text) {
  if (said) said.textContent = text;
}

/** Buttons and hints that need this script are hidden where it does not run. */
function wake(root) {
  for (const node of root.querySelectorAll("[data-copy],[data-live]")) node.hidden = false;
}

/** Old phones, and pages without TLS, know only the second way. */
async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.setSelectionRange(0, field.value.length);
    return document.execCommand("copy");
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button || !(await copy(document.getElementById(button.dataset.copy)))) return;
  const before = button.textContent;
  button.textContent = button.dataset.done;
  say(button.dataset.done);
  setTimeout(() => {
    button.textContent = before;
  }, 4_000);
});

document.addEventListener("submit", (event) => {
  const button = event.target.querySelector("button:not([type=button])");
  if (!button) return;
  if (button.getAttribute("aria-disabled") === "true") {
    event.preventDefault();
    return;
  }
  button.setAttribute("aria-disabled", "true");
  if (button.dataset.busy) {
    button.textContent = button.dataset.busy;
    say(button.dataset.busy);
  }
});

// A page that comes back from the browser's memory may show what is paid meanwhile, and buttons that were pressed.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

let pulse = main?.dataset.pulse;
let since = Date.now();
let failures = 0;
let timer = 0;

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch("/portal/pulse", { credentials: "same-origin", cache: "no-store" });
    if (answer.status === 401) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    if (failures > 2) say("");
    failures = 0;
    if ((await answer.text()) !== pulse) await renew();
  } catch {
    failures += 1;
    if (failures === 3) say(main.dataset.offline);
  }
}

const identity = (node) => [node.tagName, node.id, node.name, node.getAttribute("href"), node.dataset.copy, node.form?.action].join();

/** What was in hand, in the part that comes in its place: whoever goes by keys is not sent to the page's beginning. */
function sameIn(live, node) {
  return [...live.querySelectorAll("a, button, input, select, textarea, summary")].find((each) => identity(each) === identity(node));
}

/** Puts the part that changes in the place of the old one; where the page is another one now, goes to the first. */
async function renew() {
  const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("content");
  const live = page.getElementById("live");
  const here = document.getElementById("live");
  if (answer.redirected || !fresh || !live || !here || !fresh.dataset.pulse) return location.assign("/portal/");
  wake(live);
  const held = here.contains(document.activeElement) ? document.activeElement : null;
  here.replaceWith(live);
  if (held) (sameIn(live, held) ?? main).focus({ preventScroll: true });
  pulse = fresh.dataset.pulse;
  document.title = page.title;
  say(live.querySelector(".note, h1")?.textContent ?? "");
}

/** Every two seconds while somebody waits for a payment, less often the longer the page lies open or nobody answers. */
function pause() {
  const open = Date.now() - since;
  const rest = open < 5 * MINUTE_MS ? QUICK_MS : open < 30 * MINUTE_MS ? 5 * QUICK_MS : MINUTE_MS;
  return rest * Math.min(8, 1 + failures);
}

async function turn() {
  clearTimeout(timer);
  await look();
  timer = setTimeout(turn, pause());
}

wake(document);
if (pulse) {
  document.addEventListener("visibilitychange", () => {
    since = Date.now();
    if (!document.hidden) void turn();
  });
  timer = setTimeout(turn, QUICK_MS);
}
