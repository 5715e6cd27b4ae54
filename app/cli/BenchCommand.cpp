// SPDX-License-Identifier: GPL-3.0-or-later
// bench: how fast the engine trains and samples here.
#include <fmt/format.h>

#include <cstdio>

#include "app/cli/CommandLine.h"
#include "app/cli/Commands.h"
#include "engine/api/Error.h"
#include "engine/bench/BenchReport.h"
#include "engine/bench/LoadBench.h"
#include "engine/core/Machine.h"

namespace denoscope {

namespace {

ExitCode benchLoading(const BenchRequest& request) {
    useEveryCore();
    if (!request.json)
        fmt::print("{}\n{}", benchMachine(), loadHead());
    for (const LoadCase& one : loadCasesNamed(request.name)) {
        const LoadResult result = runLoad(one, static_cast<int>(request.steps.value_or(30)));
        fmt::print("{}", request.json ? loadJson(result) + "\n" : loadRow(result));
        std::fflush(stdout);
    }
    return succeeded;
}

}  // namespace

ExitCode bench(const BenchRequest& request) {
    if (request.work == "load")
        return benchLoading(request);
    const std::vector<BenchCase> cases = benchCasesNamed(request.name);
    BenchOptions options;
    options.precision = request.precision == "bf16" ? Precision::BFloat16 : Precision::Float32;
    options.work = request.work == "sample" ? BenchWork::Sample : BenchWork::Train;
    if (options.precision == Precision::BFloat16 && !hasBFloat16())
        throw EngineError("this processor computes bfloat16 number by number, many times slower than float32",
                          "--precision", "use fp32");
    options.pairs = static_cast<int>(request.steps.value_or(options.work == BenchWork::Train ? 10 : 1));
    useEveryCore();
    if (!request.json)
        fmt::print("{}\n{}", benchMachine(), benchHead(options.work));
    for (const BenchCase& one : cases)
        for (const std::int64_t batch : benchBatches(one, options.work)) {
            const BenchResult result = runBench(one, options, batch);
            fmt::print("{}", request.json ? benchJson(result) + "\n" : benchRow(result));
            std::fflush(stdout);
        }
    return succeeded;
}

void addBench(CLI::App& app, Action& action) {
    auto request = std::make_shared<BenchRequest>();
    CLI::App* command = app.add_subcommand(
        "bench", "Measure how fast this machine trains and samples, with and without the fused kernels");
    command->footer(withExitCodes(
        "The cases are networks of the Python package: a KarrasUnet1D, KarrasUnet and KarrasUnet3D. Both "
        "ways of\n"
        "computing take turns on copies of one state, after making sure that they compute the same.",
        "Exit codes:\n"
        "  0    done\n"
        "  1    the two ways do not compute the same\n"
        "  2    the command line was wrong, or asks for what this machine cannot do"));
    command->add_option("--case", request->name, "1d, 2d, 3d or all")
        ->check(CLI::IsMember({"1d", "2d", "3d", "all"}))
        ->capture_default_str();
    command->add_option("--precision", request->precision, "fp32 or bf16")
        ->check(CLI::IsMember({"fp32", "bf16"}))
        ->capture_default_str();
    command
        ->add_option("--work", request->work,
                     "train: optimiser steps; sample: requests for 1 and 16 samples, 18 steps of Heun's "
                     "method; load: whether "
                     "training waits for its data, with thousands of files made for it")
        ->check(CLI::IsMember({"train", "sample", "load"}))
        ->capture_default_str();
    command
        ->add_option("--steps", request->steps,
                     "How often each way is timed: 10 steps, or 1 request, unless told otherwise")
        ->check(CLI::Range(1, 100000));
    command->add_flag("--json", request->json, jsonHelp);
    command->callback([&action, request] { action = [request] { return bench(*request); }; });
}

}  // namespace denoscope
