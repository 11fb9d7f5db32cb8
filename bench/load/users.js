// What each virtual user of the load tests does. `throng bench load` reads the same scripts and does the same in Java.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const QUESTIONS = path.join(__dirname, '../../examples/questions/answerable.jsonl');
const MOST_THINK = 3; // times the mean, so that a user comes back within the test

const started = Date.now();
const texts = fs
  .readFileSync(QUESTIONS, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line).question);
const asked = new Set();
let cumulative;

// The first question is asked most often: the n-th one 1 / n^zipf as often as the first.
function question({questions, zipf}) {
  if (!cumulative) {
    let sum = 0;
    cumulative = Array.from({length: questions}, (_, n) => (sum += (n + 1) ** -zipf));
  }
  const at = Math.random() * cumulative[cumulative.length - 1];
  return texts[cumulative.findIndex((sum) => sum >= at) % texts.length];
}

function isRunning(context, next) {
  return next(Date.now() - started < context.vars.seconds * 1000);
}

function ask(request, context, events, next) {
  const query = question(context.vars);
  events.emit('counter', 'throng.repeated', asked.has(query) ? 1 : 0); // no cache can answer more
  asked.add(query);
  request.json = {query, stream: Math.random() < context.vars.streamed};
  return next();
}

function count(request, response, context, events, next) {
  events.emit('counter', 'throng.answers', response.statusCode === 200 ? 1 : 0);
  events.emit('counter', 'throng.cached', /"cached": ?true/.test(response.body) ? 1 : 0);
  return next();
}

function think(context, events, next) {
  const {think} = context.vars;
  setTimeout(next, 1000 * Math.min(-Math.log(1 - Math.random()), MOST_THINK) * think);
}

module.exports = {isRunning, ask, count, think};
