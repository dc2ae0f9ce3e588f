// Loaded into n8n before anything else: lets the name `analytics-api`, which the workflows use, lead
// to the API under test, as a compose network would. Nothing of the system is touched.
const dns = require("node:dns");

const NAME = "analytics-api";
const address = process.env.ANALYTICS_API;
const lookup = dns.lookup;

dns.lookup = function (host, options, callback) {
    if (host !== NAME) return lookup.call(dns, host, options, callback);
    const done = typeof options === "function" ? options : callback;
    const all = typeof options === "object" && options.all;
    process.nextTick(() => (all ? done(null, [{ address, family: 4 }]) : done(null, address, 4)));
};
