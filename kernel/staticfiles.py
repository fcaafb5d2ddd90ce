"""Static files with names that carry their content's hash, imports between our script modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage that also rewrites `import "./keys.js"`, so that a browser never mixes two versions."""

    support_js_module_import_aggregation = True
