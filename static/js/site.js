// Everything of the shop, of giving and of the order page.
import "./app.js";
import "./kept/form.js";
import "./live.js";
import "./give/card.js";
import "./give/clock.js";
import "./give/people.js";
import "./give/ranks.js";
import "./give/contacts.js";
import "./give/rows.js";
import "./give/step_bar.js";
import "./give/total.js";
import "./give/zone.js";
