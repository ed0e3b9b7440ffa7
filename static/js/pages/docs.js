// Swagger UI on our document. `validatorUrl: null`: nothing is sent to another host.

const root = document.querySelector("#swagger-ui");

window.SwaggerUIBundle({
  domNode: root,
  url: root.dataset.document,
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  validatorUrl: null,
});
