/* A stand-in for NVIDIA's libcuda.so.1 on machines without a driver: enough for CUDA builds of PyTorch to load.
   Every call says "no device" (CUDA_ERROR_NO_DEVICE, 100). Never install it beside a real driver. */
#define STUB(name) int name(void) { return 100; }
STUB(cuInit) STUB(cuCtxGetCurrent) STUB(cuCtxSetCurrent) STUB(cuDevicePrimaryCtxGetState)
STUB(cuDevicePrimaryCtxRetain) STUB(cuFuncGetAttribute) STUB(cuFuncSetAttribute) STUB(cuGetErrorString)
STUB(cuLaunchCooperativeKernel) STUB(cuLaunchKernel) STUB(cuLinkAddData_v2) STUB(cuLinkComplete)
STUB(cuLinkCreate_v2) STUB(cuModuleGetFunction) STUB(cuModuleLoadData) STUB(cuModuleLoadDataEx)
STUB(cuModuleUnload) STUB(cuOccupancyMaxActiveBlocksPerMultiprocessor) STUB(cuTensorMapEncodeTiled)
