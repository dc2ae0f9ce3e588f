// KEDA's own schemas for the objects on standard input, and a Dockerfile by a parser of Dockerfiles.
import fs from "node:fs";
import * as keda from "@kubernetes-models/keda/keda.sh/v1alpha1";
import dockerfiles from "dockerfile-utils";

let faults = 0;
for (const object of JSON.parse(fs.readFileSync(0, "utf8"))) {
  try {
    new keda[object.kind](object).validate();
  } catch (error) {
    faults++;
    console.log(object.kind, object.metadata.name, error.message);
  }
}

const file = process.argv[2];
for (const problem of dockerfiles.validate(fs.readFileSync(file, "utf8"))) {
  faults++;
  console.log(`${file}:${problem.range.start.line + 1}: ${problem.message}`);
}
if (faults) process.exit(1);
console.log(`KEDA's schemas take its objects, and ${file} is well-formed`);
