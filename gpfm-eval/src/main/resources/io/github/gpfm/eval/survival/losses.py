# Discrete-time hazards, survival and risk of logits [B, bins].
def hazards(logits: Tensor) -> Tensor:
  return torch.sigmoid(logits)

def survival(logits: Tensor) -> Tensor:
  return torch.cumprod(1.0 - hazards(logits), 1)

def risk(logits: Tensor) -> Tensor:
  return -torch.sum(survival(logits), [1])

# Survival with the certain start in front: column k is S_{k-1}.
def survival_from_start(logits: Tensor) -> Tensor:
  s = survival(logits)
  return torch.cat([torch.ones_like(torch.slice(s, 1, 0, 1)), s], 1)

# Negative log likelihood; label [B] int64, censored [B] (1 = censored), alpha one element.
def nll_survival(logits: Tensor, label: Tensor, censored: Tensor, alpha: Tensor) -> Tensor:
  y = torch.unsqueeze(label, 1)
  c = torch.unsqueeze(censored, 1)
  s = survival_from_start(logits)
  before = torch.log(torch.clamp(torch.gather(s, 1, y), 1e-07))
  at = torch.log(torch.clamp(torch.gather(hazards(logits), 1, y), 1e-07))
  after = torch.log(torch.clamp(torch.gather(s, 1, y + 1), 1e-07))
  u = -(1.0 - c) * (before + at)
  z = -c * after
  return torch.mean((1.0 - alpha) * (u + z) + alpha * u)

# The reference's "cross-entropy" form of the same.
def ce_survival(logits: Tensor, label: Tensor, censored: Tensor, alpha: Tensor) -> Tensor:
  y = torch.unsqueeze(label, 1)
  c = torch.unsqueeze(censored, 1)
  s = survival_from_start(logits)
  before = torch.log(torch.gather(s, 1, y) + 1e-07)
  at = torch.log(torch.clamp(torch.gather(hazards(logits), 1, y), 1e-07))
  after = torch.gather(s, 1, y + 1)
  reg = -(1.0 - c) * (before + at)
  ce = -c * torch.log(torch.clamp(after, 1e-07))
  ce = ce - (1.0 - c) * torch.log(torch.clamp(1.0 - after, 1e-07))
  return torch.mean((1.0 - alpha) * ce + alpha * reg)

# Negative partial log likelihood of log risks theta [B], mean over all cases.
def cox_loss(theta: Tensor, time: Tensor, censored: Tensor) -> Tensor:
  later = torch.ge(torch.unsqueeze(time, 0), torch.unsqueeze(time, 1))
  table = torch.masked_fill(torch.expand(torch.unsqueeze(theta, 0), [torch.size(theta, 0), -1]),
                            torch.logical_not(later), -1e+30)
  return -torch.mean((theta - torch.logsumexp(table, [1])) * (1.0 - censored))

class SurvivalLosses:
  def nll(self, logits: Tensor, label: Tensor, censored: Tensor, alpha: Tensor) -> Tensor:
    return nll_survival(logits, label, censored, alpha)

  def ce(self, logits: Tensor, label: Tensor, censored: Tensor, alpha: Tensor) -> Tensor:
    return ce_survival(logits, label, censored, alpha)

  def cox(self, theta: Tensor, time: Tensor, censored: Tensor) -> Tensor:
    return cox_loss(theta, time, censored)

  def describe(self, logits: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    return hazards(logits), survival(logits), risk(logits)
