// The behaviours that any page may use. Each binds by data attribute on the document, so that what htmx
// swaps in works without being bound again.
import "./present.js"; // before busy.js: a present opens before its form counts as sent
import "./busy.js";
import "./copy.js";
import "./count.js";
import "./details.js";
import "./dialog.js";
import "./kept/forget.js";
import "./share.js";
import "./toast.js";
