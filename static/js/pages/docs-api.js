// Swagger UI on our document. `validatorUrl: null`: nothing is sent to another host.

/** @typedef {(options: Record<string, unknown>) => unknown} SwaggerUI */

const { SwaggerUIBundle } = /** @type {{SwaggerUIBundle: SwaggerUI}} */ (/** @type {unknown} */ (globalThis));
const place = document.getElementById("swagger-ui");

SwaggerUIBundle({
  domNode: place,
  url: place?.dataset.document,
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  validatorUrl: null,
});
