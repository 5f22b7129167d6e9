// The batch of one step, in a dialog: its pictures, how they were read, and what made its loss high.

import { labAddress } from "./address.js";
import { decode } from "./decode.js";
import { element, setAttribute, setText } from "./element.js";
import { count, isNumber, loss } from "./format.js";
import { paintDigit } from "./paint_digit.js";
import { tell } from "./past_words.js";
import { linkStyle } from "./style.js";

const AGAIN = 120;

/**
 * @returns {{element: HTMLDialogElement, open: (token: string, step: number, data: Object) => void}}
 */
export function batchDialog() {
  linkStyle("past");
  const made = {
    title: element("h2", { id: "sl-batch-title" }),
    close: element("button", { type: "button", class: "sl-batch-close" }, "✕"),
    status: element("p", { class: "sl-batch-status", role: "status" }),
    words: element("div", { class: "sl-batch-words" }),
    tiles: element("ul", { class: "sl-batch-tiles" }),
  };
  made.dialog = element("dialog", {
    class: "sl-batch", "aria-labelledby": "sl-batch-title", "data-testid": "batch",
  }, element("div", { class: "sl-batch-head" }, made.title, made.close), made.status, made.words, made.tiles);
  const asking = { token: null, step: 0, timer: 0, data: {} };
  made.close.addEventListener("click", () => made.dialog.close());
  made.dialog.addEventListener("click", (event) => {
    if (event.target === made.dialog) made.dialog.close(); // beside it
  });
  made.dialog.addEventListener("close", () => {
    clearTimeout(asking.timer);
    asking.token = null;
  });
  return { element: made.dialog, open: (token, step, data) => open(made, asking, { token, step, data }) };
}

function open(made, asking, { token, step, data }) {
  clearTimeout(asking.timer);
  Object.assign(asking, { token, step, data });
  setText(made.title, tell(data, "batch_title", { step: count(step) }));
  setAttribute(made.close, "aria-label", tell(data, "batch_close"));
  made.words.replaceChildren();
  made.tiles.replaceChildren();
  setText(made.status, "…");
  for (const name of ["step", "mean", "loss"]) setAttribute(made.dialog, `data-${name}`, "");
  if (!made.dialog.open) made.dialog.showModal();
  ask(made, asking, step);
}

async function ask(made, asking, step) {
  const { token, data } = asking;
  const answer = await answered(token, step).catch(() => ({ error: tell(data, "failed") }));
  if (asking.token !== token || asking.step !== step) return;
  if (answer.way) {
    const { begin, at, end } = answer.way;
    setText(made.status, tell(data, "batch_waiting", { begin: count(begin), at: count(at), end: count(end) }));
    asking.timer = setTimeout(() => ask(made, asking, step), AGAIN);
  } else if (answer.batch) {
    setText(made.status, "");
    show(made, data, answer.batch);
  } else setText(made.status, answer.error);
}

async function answered(token, step) {
  const response = await fetch(labAddress("batch", { t: token, s: step }), { cache: "no-store" });
  if (response.status === 202) return { way: await response.json() };
  if (response.status === 409) return response.json();
  if (response.status !== 200) throw new Error(`batch: ${response.status}`);
  const { header, arrays } = decode(await response.arrayBuffer());
  return { batch: { ...header, ...arrays } };
}

function show(made, data, batch) {
  setText(made.title, tell(data, "batch_title", { step: count(batch.step) }));
  for (const name of ["step", "mean", "loss"]) setAttribute(made.dialog, `data-${name}`, batch[name] ?? "");
  const said = [...sentences(data, batch), listed(data, batch)];
  made.words.replaceChildren(...said.map((text) => element("p", {}, text)));
  made.tiles.replaceChildren(...Array.from(batch.losses, (_loss, i) => tile(data, batch, i)));
}

function sentences(data, batch) {
  const points = batch.pictures ? "" : "_points";
  const said = [];
  if (batch.last > batch.first) said.push(tell(data, "batch_span", { first: count(batch.first), last: count(batch.last) }));
  const { mean, penalty } = batch;
  const kind = !batch.adds_up ? "batch_own" : penalty > 0 ? "batch_penalty" : "batch_mean";
  said.push([
    tell(data, `batch_read${points}`, { n: count(batch.n), right: count(batch.right) }),
    tell(data, kind, { mean: loss(mean), penalty: penaltyText(penalty), loss: loss(batch.loss) }),
  ].join(" "));
  const general = tell(data, `batch_general${points}`, { now: loss(batch.train_loss) });
  const known = isNumber(batch.train_loss_earlier);
  const compared = known
    ? tell(data, "batch_earlier", { general, earlier: loss(batch.train_loss_earlier) })
    : tell(data, "batch_alone", { general });
  said.push(known ? `${compared} ${tell(data, `cause_${batch.cause}`)}` : compared);
  return said;
}

/** A penalty is small beside the loss: its first two digits. */
function penaltyText(penalty) {
  return penalty >= 0.1 ? loss(penalty) : penalty.toPrecision(2);
}

function listed(data, { losses, n }) {
  if (losses.length < n) return tell(data, "batch_most", { listed: count(losses.length) });
  return tell(data, "batch_sorted");
}

function tile(data, batch, i) {
  const name = (index) => batch.class_names[index] ?? String(index);
  const [label, read] = [name(batch.labels[i]), name(batch.predictions[i])];
  const made = element("li", { class: label === read ? "" : "sl-batch-wrong" });
  const size = batch.images.length / batch.losses.length;
  const own = batch.images.subarray(i * size, (i + 1) * size);
  const says = tell(data, "batch_tile", { label, read, loss: loss(batch.losses[i]) });
  if (batch.pictures) {
    const canvas = element("canvas", { role: "img", "aria-label": says });
    paintDigit(canvas, own, batch.image_shape);
    made.append(canvas);
  } else made.append(element("span", {}, `(${Array.from(own, (value) => value.toFixed(1)).join(", ")})`));
  made.append(
    element("span", { "aria-hidden": "true" }, `${label} → ${read}`),
    element("strong", { "aria-hidden": "true" }, loss(batch.losses[i])));
  return made;
}
