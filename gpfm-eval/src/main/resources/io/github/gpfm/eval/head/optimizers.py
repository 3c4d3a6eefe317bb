# Adam with the L2 penalty added to the gradient; rate and decay are tensors of one element.
def adam_step(parameters: List[Tensor], gradients: List[Tensor], m: List[Tensor],
              v: List[Tensor], steps: List[Tensor], rate: Tensor, decay: Tensor) -> Tensor:
  empty : List[Tensor] = []
  ops.aten._foreach_add_(steps, 1)
  ops.aten._fused_adam_(parameters, gradients, m, v, empty, steps,
                        lr=float(rate), beta1=0.9, beta2=0.999, weight_decay=float(decay),
                        eps=1e-08, amsgrad=False, maximize=False)
  return rate
