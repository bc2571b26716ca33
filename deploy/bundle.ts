import { rm } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { type BuildResult, build, type Plugin } from "esbuild";
import { inlineDefinitions } from "./inline-catalog.ts";
import { inlinePages } from "./inline-pages.ts";
import { oneLanguage } from "./one-language.ts";

type FunctionConfig = { handler: string; package?: { artifact: string } };
type Packager = { zipFiles: (files: string[], zip: string, root: string) => Promise<string> };
type Serverless = {
  serviceDir: string;
  service: { getAllFunctions: () => string[]; getFunction: (name: string) => FunctionConfig };
  pluginManager: { plugins: object[] };
  classes: { Error: new (message: string, code: string) => Error };
};
type Options = { function?: string };
type Utils = { log: { notice: (line: string) => void; warning: (line: string) => void } };
type Bundle = { name: string; directory: string; bytes: number; warnings: string[] };

/** Defines `require`, which ES modules lack: some CommonJS dependencies call it at run time. */
const REQUIRE =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/**
 * Reduces the SDK's search for credentials to environment variables, where Lambda puts those of the function's role. The other
 * ways (SSO, profiles, instance metadata, web identity) would be a fifth of every bundle.
 */
const environmentCredentials = (resolveDir: string): Plugin => ({
  name: "environment-credentials",
  setup: ({ onResolve, onLoad }) => {
    const namespace = "environment-credentials";
    onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ path }) => ({
      path,
      namespace,
    }));
    onLoad({ filter: /./, namespace }, () => ({
      contents: `export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";`,
      resolveDir,
    }));
  },
});

/**
 * Packages every function as one minified ES module with its dependencies and the AWS SDK, alone in a zip. It runs for
 * `package` and `deploy`, not for `offline`, which loads the sources. The bundles stay in dist/<function>/.
 */
// biome-ignore lint/style/noDefaultExport: serverless takes a plugin from its module's default export
export default class BundlePlugin {
  readonly hooks: Record<string, () => Promise<void>>;

  constructor(serverless: Serverless, options: Options, { log }: Utils) {
    const pack = async (names: string[]) => {
      const bundles = await Promise.all(names.map((name) => bundleFunction(serverless, name)));
      for (const { name, directory, bytes, warnings } of bundles) {
        await useZip(serverless, name, directory);
        log.notice(`  ${name.padEnd(10)}${(bytes / 1000).toFixed(0).padStart(5)} KB`);
        for (const warning of warnings) log.warning(`${name}: ${warning}`);
      }
    };
    this.hooks = {
      "before:package:createDeploymentArtifacts": () => pack(serverless.service.getAllFunctions()),
      "before:package:function:package": () => pack(options.function ? [options.function] : []),
    };
  }
}

const bundleFunction = async (serverless: Serverless, name: string): Promise<Bundle> => {
  const { serviceDir, service, classes } = serverless;
  const directory = join(serviceDir, "dist", name);
  const source = join(serviceDir, service.getFunction(name).handler.replace(/\.\w+$/, ".ts"));
  await rm(directory, { recursive: true, force: true });
  const result = await bundle(source, join(directory, "index.mjs")).catch((cause: Error) => {
    throw new classes.Error(`Cannot bundle "${name}". ${cause.message}`, "BUNDLE_FAILED");
  });
  const bytes = Object.values(result.metafile.outputs).reduce((sum, file) => sum + file.bytes, 0);
  return { name, directory, bytes, warnings: result.warnings.map(({ text }) => text) };
};

type Built = BuildResult<{ metafile: true }>;

/** The SDKs of model providers, which the files of lib/agents/providers import when a model is opened. */
const modelSdks = "@ai-sdk/";

const usesModels = ({ metafile }: Built): boolean =>
  Object.values(metafile.outputs).some(({ imports }) =>
    imports.some(({ external, path }) => external && path.startsWith(modelSdks)),
  );

/**
 * Leaves the SDKs of models out first, and takes them in where code that is left needs them. esbuild would prepare every
 * bundle for a lazy import that it then removes, and such a bundle does not start.
 */
const bundle = async (source: string, outfile: string): Promise<Built> => {
  const without = await buildOne(source, outfile, [`${modelSdks}*`]);
  return usesModels(without) ? buildOne(source, outfile, []) : without;
};

const buildOne = (source: string, outfile: string, external: string[]): Promise<Built> =>
  build({
    entryPoints: [source],
    outfile,
    bundle: true,
    external,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    minify: true,
    keepNames: true,
    legalComments: "none",
    banner: { js: REQUIRE },
    plugins: [environmentCredentials(dirname(source)), inlineDefinitions, inlinePages, oneLanguage],
    metafile: true,
    logLevel: "silent",
  });

/**
 * Zips with the framework's own packager: identical files give identical zips. Naming the one file saves its search through
 * the whole project, node_modules included, for each function.
 */
const useZip = async ({ pluginManager, service }: Serverless, name: string, directory: string) => {
  const config = service.getFunction(name);
  const artifact = await packager(pluginManager.plugins).zipFiles(
    [join(directory, "index.mjs")],
    `${name}.zip`,
    directory,
  );
  config.handler = `index${extname(config.handler)}`;
  config.package = { artifact };
};

const packager = (plugins: object[]): Packager => {
  const found = plugins.find((plugin): plugin is Packager => "zipFiles" in plugin);
  if (!found) throw new Error("This version of serverless has no packager with zipFiles.");
  return found;
};
