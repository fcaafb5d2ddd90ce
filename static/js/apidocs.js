// Shows the API's description with Swagger UI from our own server.
const place = document.querySelector("#swagger-ui");
const cookie = () => document.cookie.split("; ").find((each) => each.startsWith("csrftoken="))?.split("=")[1] ?? "";
window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  presets: [window.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  requestInterceptor: (request) => {
    if (!["GET", "HEAD", undefined].includes(request.method)) request.headers["X-CSRFToken"] = cookie();
    return request;
  },
});
