import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import image04 from "../../fixtures/ngff/0.4/image.schema.json" with { type: "json" };
import label04 from "../../fixtures/ngff/0.4/label.schema.json" with { type: "json" };
import strictImage04 from "../../fixtures/ngff/0.4/strict_image.schema.json" with { type: "json" };
import strictLabel04 from "../../fixtures/ngff/0.4/strict_label.schema.json" with { type: "json" };
import version05 from "../../fixtures/ngff/0.5/_version.schema.json" with { type: "json" };
import image05 from "../../fixtures/ngff/0.5/image.schema.json" with { type: "json" };
import label05 from "../../fixtures/ngff/0.5/label.schema.json" with { type: "json" };
import strictImage05 from "../../fixtures/ngff/0.5/strict_image.schema.json" with { type: "json" };
import strictLabel05 from "../../fixtures/ngff/0.5/strict_label.schema.json" with { type: "json" };

const ajv = new Ajv2020({
  allErrors: true,
  strict: false,
  schemas: [
    image04,
    label04,
    strictImage04,
    strictLabel04,
    version05,
    image05,
    label05,
    strictImage05,
    strictLabel05,
  ],
});

/** The faults that a published OME-Zarr schema finds in the attributes of a group. */
export function schemaFaults(
  version: "0.4" | "0.5",
  schema: "strict_image" | "label" | "strict_label",
  attributes: unknown,
): string[] {
  const id = `https://ngff.openmicroscopy.org/${version}/schemas/${schema}.schema`;
  ajv.validate(id, attributes);
  return (ajv.errors ?? []).map(({ instancePath, message }: ErrorObject) => `${instancePath} ${message}`);
}
