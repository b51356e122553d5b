# Bias-reduced sandwich errors (CR2) and Satterthwaite degrees of freedom. usage: Rscript did_cr2.R <folder>
suppressMessages({
    library(clubSandwich)
    library(jsonlite)
})
folder <- commandArgs(TRUE)[1]
f <- read.csv(file.path(folder, "few_clusters.csv"))
f$on <- f$treat * f$post
s <- read.csv(file.path(folder, "staggered.csv"))
one <- function(id, model, cluster, term) {
    v <- vcovCR(model, cluster = cluster, type = "CR2")
    t <- coef_test(model, vcov = v, test = "Satterthwaite", coefs = term)
    list(id = id, estimate = unname(t$beta), std_error = unname(t$SE), df = unname(t$df_Satt), p = unname(t$p_Satt))
}
runs <- list(
    one("few", lm(y ~ on + treat + post, f), f$cluster, "on"),
    one("few_age", lm(y ~ on + treat + post + age, f), f$cluster, "on"),
    one("unit", lm(y ~ treated + factor(unit) + factor(time), s), s$unit, "treated"),
    one("district", lm(y ~ treated + factor(unit) + factor(time), s), s$district, "treated")
)
meta <- list(source = paste("R clubSandwich", packageVersion("clubSandwich")), R = R.version.string)
write_json(list(meta = meta, runs = runs), file.path(folder, "cr2_expected.json"), auto_unbox = TRUE, digits = NA, pretty = TRUE)
