// A draft that was asked for has come or failed.
watch('value', () => {
  if (props.value && window.reviewerPanel) window.reviewerPanel.drafted(JSON.parse(props.value));
});
