# Multi-stage variances and lonely PSUs: Rscript survey_stages.R <folder>. Own code; R 4.2.2, survey 4.1-1.
# Totals under "adjust" are left out: that version measures the lonely unit from 0, not from the mean.
suppressMessages(library(survey))
folder <- commandArgs(TRUE)[1]; d <- read.csv(file.path(folder, "three_stage.csv")); out <- NULL
put <- function(design, policy, domains, fn, domain, est, se)
  out <<- rbind(out, data.frame(design, policy, domains, fn, domain, est = sprintf("%.17g", est), se = sprintf("%.17g", se)))
for (policy in c("fail", "remove", "adjust", "average", "certainty")) for (domains in c(FALSE, TRUE)) {
  options(survey.lonely.psu = policy, survey.adjust.domain.lonely = domains)
  s <- if (policy == "fail") subset(d, stratum != "h2") else d
  L <- list(three = svydesign(id = ~psu + ssu + id, strata = ~stratum, fpc = ~N1 + N2 + N3, weights = ~w, data = s, nest = TRUE),
    two = svydesign(id = ~psu + ssu, strata = ~stratum, fpc = ~N1 + N2, weights = ~w, data = s, nest = TRUE),
    one = svydesign(id = ~psu, strata = ~stratum, weights = ~w, data = s, nest = TRUE),
    fraction = svydesign(id = ~psu, strata = ~stratum, fpc = ~f1, weights = ~w, data = s, nest = TRUE))
  for (n in names(L)) suppressWarnings({
    m <- svymean(~y, L[[n]], na.rm = TRUE); put(n, policy, domains, "mean", "", coef(m), SE(m))
    m <- svyratio(~y, ~x, L[[n]], na.rm = TRUE); put(n, policy, domains, "ratio", "", coef(m), SE(m)[1])
    if (policy != "adjust") { m <- svytotal(~y, L[[n]], na.rm = TRUE); put(n, policy, domains, "total", "", coef(m), SE(m)) }
    for (by in c("grp", "zone")) for (f in c("mean", "total")) if (f == "mean" || policy != "adjust") {
      b <- svyby(~y, as.formula(paste0("~", by)), L[[n]], get(paste0("svy", f)), na.rm = TRUE)
      put(n, policy, domains, paste0(f, "_by_", by), as.character(b[[by]]), coef(b), SE(b)) } })
}
# R gives NA where a later stage has no stratum left to average over; nothing to compare there.
write.csv(out[out$se != "NA" & out$se != "NaN", ], file.path(folder, "three_stage_expected.csv"), row.names = FALSE, quote = FALSE)
