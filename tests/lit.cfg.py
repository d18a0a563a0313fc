# Configuration of the lit suites.  lit.site.cfg.py, which CMake writes into the build tree, loads this file after it
# has set the paths (config.lazy_*).

import os
import shlex
import shutil

import lit.formats
import lit.util

config.name = f"lazypass-{config.llvm_version_major}"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".c", ".cpp", ".ll", ".test"]
config.excludes = ["Inputs", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = config.lazy_test_build

# A variable of the person who runs the tests must not change their outcome.
for name in [name for name in config.environment if name == "LAZY" or name.startswith(("LAZY_", "LAZYCC_"))]:
    del config.environment[name]
config.environment["PATH"] = os.pathsep.join([config.llvm_tools, config.environment["PATH"]])

build, clang = config.lazy_build, config.lazy_clang
# Tests are of small functions.
plugin_flags = (f"-fplugin={shlex.quote(build + '/lazypass.so')} -fplugin-arg-lazypass-defer-small "
                f"-I{shlex.quote(config.lazy_include)}")
# IR written by hand names no target; the pass wants one that has a runtime.
opt = f"{config.llvm_tools}/opt -mtriple=x86_64-unknown-linux-gnu"
sanitize = "sanitize" in lit_config.params
equiv = [config.python, config.test_source_root + "/lazy-equiv", f"--clang={clang}", f"--build={build}"]
if sanitize:
    config.name += "-sanitized"
    config.test_exec_root += "/sanitized"
    config.available_features.add("sanitized")
    equiv.append("--sanitize")
if "check" in lit_config.params:
    config.name += "-checked"
    config.test_exec_root += "/checked"
    config.available_features.add("checked")
    equiv.append("--check")
if "fast" in lit_config.params:
    equiv.append("--fast")

config.substitutions += [
    # Longer names first: lit replaces them in this order.
    ("%lazypass_ir", shlex.quote(build + "/lazypass-ir.so")),
    ("%lazypass", shlex.quote(build + "/lazypass.so")),
    ("%lazy_equiv", shlex.join(equiv) + " --scratch=%t.equiv"),
    ("%lazycc", shlex.quote(build + "/bin/lazycc")),
    ("%lazy_cache", shlex.quote(build + "/bin/lazy-cache")),
    ("%lazy_graph", shlex.quote(build + "/bin/lazy-graph")),
    ("%lazy_flags", plugin_flags),
    ("%liblazy_dir", shlex.quote(build)),
    ("%libomp_dir", shlex.quote(os.path.dirname(config.lazy_openmp))),
    ("%lazy_build", shlex.quote(build)),
    ("%clang_lazy", f"{shlex.quote(clang)} {plugin_flags}"),
    ("%clang", shlex.quote(clang)),
    ("%opt_lazy", f"{opt} -load-pass-plugin={shlex.quote(build + '/lazypass-ir.so')}"),
    ("%opt", opt),
    ("%FileCheck", config.llvm_tools + "/FileCheck"),
    ("%readelf", config.llvm_tools + "/llvm-readelf"),
    ("%not", config.llvm_tools + "/not"),
    ("%llvm_version", str(config.llvm_version_major)),
    ("%include", shlex.quote(config.lazy_include)),
    ("%cmake", shlex.quote(config.cmake)),
    ("%python", shlex.quote(config.python)),
]

config.available_features.add(f"llvm-{config.llvm_version_major}")
if shutil.which("dot"):
    config.available_features.add("graphviz")
