// Every word the page Mistakes shows from the browser, in English; as words.js otherwise.

import { filled } from "./words.js";

const ENGLISH = {
  mistakes_label: "What the model gets wrong",
  pin_label: "Step whose weights are shown",
  pin_step: "step {step}",
  pin_here: "Pin here",
  pin_follow: "Follow the run",
  pin_follows: "follows the run",
  pin_pinned: "pinned; the run is at step {newest}",
  pin_late: "judging step {shown} …",
  pin_waiting: "Asking the model about every test picture …",
  pin_score: "{right} of {n} test pictures read right: {share}",
  pin_seen: "{wrong} of {n} pictures it learned from are misread",
  matrix_label: "Rows: what the pictures are. Columns: what the model says. Arrow keys move, Enter opens.",
  matrix_corner_true: "is ↓",
  matrix_corner_read: "says →",
  matrix_hint: "Rows: what the pictures are. Columns: what the model says. Choose a cell to see its pictures.",
  matrix_seen: "The model learned from these very pictures: see which mistakes are left, not how many. Shades go from −100 % to +100 % of a row: blue is read right, orange is not.",
  matrix_counts: "Counts",
  matrix_rates: "% of row",
  matrix_unit: "Numbers in the cells",
  cell_wrong: "{true} taken for {read}: {n}, {share} of all {true}",
  cell_right: "{true} read as {true}: {n}, {share} of all {true}",
  cell_none: "No {true} is taken for {read}",
  cell_right_none: "No {true} is read right",
  pictures_one: "1 picture",
  pictures_many: "{n} pictures",
  scale_wrong: "read wrong",
  scale_right: "read right",
  shares_label: "Colour scale: share of the row, from 100 % read wrong, orange, to 100 % read right, blue",
  surest: "The mistakes the model is surest of",
  surest_of: "{shown} of {n} mistakes, the surest first",
  surest_none: "There is no mistake on the test set.",
  surest_back: "Surest mistakes",
  cell_shown: "{shown} of {n}, the surest first",
  more: "Show more",
  card_short: "is {true}, says {read}",
  card_true: "is {true}",
  card_read: "says {read}",
  card_sure: "{share} sure",
  card_label: "Test picture {index}: is {true}, read as {read}, {share} sure; {true} gets {own}",
  chosen: "The model now reads test picture {index} on every page.",
  why: "Why {read}?",
  pick_one: "Choose a picture to show it to the model.",
  classes_title: "Read right, class by class",
  classes_note: "Of {name}, {right} of {n} pictures are read right",
  classes_of: "{right} of {n}",
  classes_best: "Best: {best} with {best_share}. Worst: {worst} with {worst_share}.",
  classes_choose: "Choose classes to draw or hide their lines.",
  course_title: "Over the course of training",
  course_none: "Nothing has been measured yet: press Train.",
  course_says: "From step {first} to {last}, the lowest first: {names}.",
  course_change: "{name} from {before} to {after}",
  course_steps: "steps",
  course_shown: "shown: step {step}",
  averages_title: "What each class looks like, what the model looks for, and what it falls for",
  averages_mean: "Average training picture of class {name}",
  averages_weights: "Weights of class {name}",
  averages_mistaken: "Average of the test pictures wrongly read as {name}",
  averages_look: "Of each class, from above: the average of its training pictures; its weights; the average of the test pictures wrongly taken for it. Weights show what sets a class apart, not what it looks like.",
  averages_look_beside: "Of each class, from the left: the average of its training pictures; its weights; the average of the test pictures wrongly taken for it. Weights show what sets a class apart, not what it looks like.",
  averages_ink_low: "no ink",
  averages_ink_high: "ink in all",
  averages_ink: "Scale of the averages: from no picture with ink there to full ink in all",
  averages_against: "−{limit} against",
  averages_for: "+{limit} for",
  averages_scale: "Colour scale of all weights from −{limit}, orange, against the class, to +{limit}, blue, for it",
};

/**
 * The text for `key` in the page's language, its {placeholders} filled in.
 * @param {{words?: Object<string, string>}} data what Python gave the component
 * @param {string} key a key of the English list above
 * @param {Object<string, string|number>} [values] what goes into the placeholders
 * @returns {string}
 */
export function say(data, key, values = {}) {
  return filled(data?.words?.[key] ?? ENGLISH[key] ?? key, values);
}
