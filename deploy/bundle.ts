import { rm } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";
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
type Entry = { name: string; source: string };
type Outputs = Metafile["outputs"];

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
      const dist = join(serverless.serviceDir, "dist");
      const { outputs, warnings } = await bundleFunctions(serverless, names, dist);
      for (const name of names) {
        await useZip(serverless, name, join(dist, name));
        const { bytes = 0 } = outputOf(outputs, name) ?? {};
        log.notice(`  ${name.padEnd(10)}${(bytes / 1000).toFixed(0).padStart(5)} KB`);
      }
      for (const warning of new Set(warnings)) log.warning(warning);
    };
    this.hooks = {
      "before:package:createDeploymentArtifacts": () => pack(serverless.service.getAllFunctions()),
      "before:package:function:package": () => pack(options.function ? [options.function] : []),
    };
  }
}

const bundleFunctions = async (
  { serviceDir, service, classes }: Serverless,
  names: readonly string[],
  dist: string,
) => {
  const entries = names.map((name) => ({
    name,
    source: join(serviceDir, service.getFunction(name).handler.replace(/\.\w+$/, ".ts")),
  }));
  for (const name of names) await rm(join(dist, name), { recursive: true, force: true });
  return bundle(entries, dist).catch((cause: Error) => {
    throw new classes.Error(`Cannot bundle the functions. ${cause.message}`, "BUNDLE_FAILED");
  });
};

const outputOf = (outputs: Outputs, name: string) =>
  Object.entries(outputs).find(([path]) => path.endsWith(`/${name}/index.mjs`))?.[1];

/** The SDKs of model providers, which the files of lib/agents/providers import when a model is opened. */
const modelSdks = "@ai-sdk/";

const usesModels = (outputs: Outputs, { name }: Entry): boolean =>
  outputOf(outputs, name)?.imports.some(
    ({ external, path }) => external && path.startsWith(modelSdks),
  ) ?? false;

/**
 * Builds all functions without the SDKs of models, then builds those again that use them. In one build, esbuild would prepare
 * every bundle for a lazy import that it removes later, and such a bundle does not start.
 */
const bundle = async (entries: readonly Entry[], dist: string) => {
  const without = await buildAll(entries, dist, [`${modelSdks}*`]);
  const users = entries.filter((entry) => usesModels(without.outputs, entry));
  const within = await buildAll(users, dist, []);
  return {
    outputs: { ...without.outputs, ...within.outputs },
    warnings: [...without.warnings, ...within.warnings],
  };
};

/** Bundles all functions in one build, which reads shared files once. Each bundle contains all that it needs. */
const buildAll = async (
  entries: readonly Entry[],
  dist: string,
  external: string[],
): Promise<{ outputs: Outputs; warnings: string[] }> => {
  const [first] = entries;
  if (!first) return { outputs: {}, warnings: [] };
  const { metafile, warnings } = await build({
    entryPoints: entries.map(({ name, source }) => ({ in: source, out: `${name}/index` })),
    outdir: dist,
    outExtension: { ".js": ".mjs" },
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
    plugins: [
      environmentCredentials(dirname(first.source)),
      inlineDefinitions,
      inlinePages,
      oneLanguage,
    ],
    metafile: true,
    logLevel: "silent",
  });
  return { outputs: metafile.outputs, warnings: warnings.map(({ text }) => text) };
};

/**
 * Zips a bundle with the framework's own packager: identical files give identical zips. It names the one file, because the
 * packager would search the whole project with node_modules for each function.
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
